/** What --help prints. */
export const HELP = `marquetry: customer segments from a CSV or JSON file (also .gz, .zip) or a workbook, on this machine only (no network).

  npx marquetry <command> <file> [options]        “-” reads standard input

commands
  read      what the file says: rows, columns, findings, questions
  rfm       recency, frequency and money scored and named; order lines are folded into customers first
  segment   how many rows a rule takes            --rule "Contract = 'Month-to-month'"
  cluster   alike customers                       --features age,income --k 5
  place     customers by a saved model             --model clusters.json
  profile   who they are against everyone         --rule "…" | --rfm | --features … --k …
  sql       for a warehouse   --rule "…" | --rfm | --model clusters.json  --dialect duckdb --table customers

reading     --format auto|csv|json|ndjson|xlsx|ods  --sheet NAME
            --delimiter X|tab|whitespace  --quote X  --header yes|no  --encoding LABEL  --decimal .|,
            --date-order dmy|mdy|ymd  --missing A,B  --role COLUMN=ROLE  --type COLUMN=TYPE
customers   --customers  folds order lines into customers (rfm does so by itself)
            --reference-date 2026-11-30  the day to which times are measured; the last date in the file when left out
rfm         --scheme segments-11|groups-6|cells  --scale 5
segment     --rule TEXT  --name NAME  --members FILE.csv
cluster     --features A,B  --k 5|2..10  --transform auto|none|z|log  --seed 42  --restarts 10
            --method kmeans|kprototypes|gaussian|latent-class|hdbscan|ward   --categories C,D  columns whose values are codes
            --gamma 0.5 (kprototypes)  --covariance full (gaussian)  --min-cluster-size 50 (hdbscan)
            --initial-rows  starts from the first k rows   --assignments  adds one number a row to the JSON
            --model FILE.json  --onnx FILE.onnx  --pmml FILE.pmml  write the model, for “place” and other systems
place       --model FILE.json  --name NAME  --assignments
profile     --columns A,B
sql         --dialect ansi|duckdb|sqlite|postgres|spark|datafusion|bigquery|snowflake|redshift|databricks|mysql|tsql|
                      trino|clickhouse  --table NAME  --key COLUMN  --orders-table NAME  --orders-key COLUMN
rfm, cluster, place, profile: --out FILE.csv  writes all rows with their group

  --json    the result as JSON, with the keys of the package's types
  --help    this text            --version  the version

exit codes  0 fine · 1 the result stands, but “read” has findings of severity “error” · 2 an error (with --json as JSON)
`;
