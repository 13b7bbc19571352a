/** What --help prints. */
export const HELP = `marquetry: customer segments from a CSV or JSON file (also .gz, .zip) or a workbook, on this machine only (no network).

  npx marquetry <command> <file> [options]        “-” reads standard input

commands
  read      what the file says: rows, columns, findings, questions
  rfm       recency, frequency and money scored and named; order lines are folded into customers first
  cohorts   who stayed, by the month of the first order  --by week|month|quarter|year
  stages    new, active, at risk, lapsed …  by each customer's own rhythm, or --by days
  concentration  how much the best customers bring   --column monetary
  segment   how many rows a rule takes            --rule "Contract = 'Month-to-month'"
  cluster   alike customers                       --features age,income --k 5
  place     customers by a saved model             --model clusters.json
  compare   what has changed: compare old.baseline.json new.csv, or compare old.csv new.csv --recipe recipe.json
  profile   who they are against everyone         --rule "…" | --rfm | --features … --k …
  value     what customers may bring: orders, money, chance to be still buying   --horizon 365 --calibration-end 2026-06-30
  churn     who may stay away, or have any outcome                              --days 90 | --outcome Churn --positive Yes
  sql       for a warehouse   --rule "…" | --rfm | --model clusters.json  --dialect duckdb --table customers

reading     --format auto|csv|json|ndjson|xlsx|ods  --sheet NAME
            --delimiter X|tab|whitespace  --quote X  --header yes|no  --encoding LABEL  --decimal .|,
            --date-order dmy|mdy|ymd  --missing A,B  --role COLUMN=ROLE  --type COLUMN=TYPE
customers   --customers  folds order lines into customers (rfm does so by itself)
            --reference-date 2026-11-30  the day to which times are measured; the last date in the file when left out
            --window-days 365  only orders of so many days count   --refunds subtract|ignore
rfm         --scheme segments-11|segments-10|groups-6|cells  --scale 2..10  --bands quantile|kmeans  --nested
            --compatibility r-rfm
segment     --rule TEXT  --name NAME  --members FILE.csv
cluster     --features A,B  --k 5|2..10  --transform auto|none|z|log  --seed 42  --restarts 10
            --method kmeans|kprototypes|gaussian|latent-class|hdbscan|ward   --categories C,D  columns whose values are codes
            --gamma 0.5 (kprototypes)  --covariance full (gaussian)  --min-cluster-size 50 (hdbscan)
            --initial-rows  starts from the first k rows   --assignments  adds one number a row to the JSON
            --model FILE.json  --onnx FILE.onnx  --pmml FILE.pmml  write the model, for “place” and other systems
place       --model FILE.json  --name NAME  --assignments
profile     --columns A,B
value       --method best|bg-nbd|mbg-nbd|pareto-nbd  --horizon DAYS  --discount 0.1 (a year)  --calibration-end DAY  the rest is the check
churn       --days N  no order within so many days   --outcome COLUMN  --positive VALUE   --method best|logistic|forest
            --features A,B  --seed 42
sql         --dialect ansi|duckdb|sqlite|postgres|spark|datafusion|bigquery|snowflake|redshift|databricks|mysql|tsql|
                      trino|clickhouse  --table NAME  --key COLUMN  --orders-table NAME  --orders-key COLUMN
rfm, cluster, place, profile: --out FILE.csv  writes all rows with their group
rfm, segment, cluster, place: --baseline FILE.json  keeps what “compare” compares a later file with (no rows, no names)
compare     --mapping OLD=NEW  --skip PART  (as often as needed)  --refit  groups found anew beside the frozen ones
            --alerts FILE.json  when to tell, as a list of the package's AlertRule; otherwise sizes by more than 25 %,
            PSI above 0.25, rules that find nothing any more  --smallest 100  leaves smaller groups alone

cohorts, stages: --as-of 2026-06-30  as it was on that day

  --json    the result as JSON, with the keys of the package's types
  --help    this text            --version  the version

exit codes  0 fine · 1 the result stands, but “read” has findings of severity “error”, or “compare” has alerts · 2 an error (with --json as JSON)
`;
