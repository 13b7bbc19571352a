/** The rule as SQL for a warehouse, to copy. */
import { useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { SqlOptions, Study } from "../../model.ts";
import { state } from "../../state.ts";
import { Choice } from "./Spans.tsx";

const DIALECTS: [SqlOptions["dialect"], string][] = [
  ["ansi", "Standard SQL"],
  ["bigquery", "BigQuery"],
  ["clickhouse", "ClickHouse"],
  ["databricks", "Databricks"],
  ["datafusion", "DataFusion"],
  ["duckdb", "DuckDB"],
  ["mysql", "MySQL"],
  ["postgres", "PostgreSQL"],
  ["redshift", "Redshift"],
  ["snowflake", "Snowflake"],
  ["spark", "Spark"],
  ["sqlite", "SQLite"],
  ["tsql", "SQL Server"],
  ["trino", "Trino"],
];

export function Sql({ study, actions }: { study: Study; actions: Actions }) {
  const draft = state.draft.value;
  const id = study.columns.find(({ role }) => role === "customer-id")?.name ?? study.columns[0]?.name ?? "id";
  const [dialect, setDialect] = useState<SqlOptions["dialect"]>("postgres");
  const [table, setTable] = useState("customers");
  const [key, setKey] = useState(id);
  const [orders, setOrders] = useState("orders");
  const [copied, setCopied] = useState(false);
  const sql = state.sql.value?.rule === draft.rule ? state.sql.value : undefined;
  const ready = draft.counts !== undefined && !draft.stale;
  const write = (to: SqlOptions["dialect"]): void => {
    setCopied(false);
    actions.writeSql({ dialect: to, table, key, ...(study.orders.length > 0 && { orders: { table: orders, key } }) });
  };
  const field = (label: string, value: string, put: (value: string) => void) => (
    <label class="field">
      <span>{label}</span>
      <input type="text" value={value} onInput={(event) => put(event.currentTarget.value)} />
    </label>
  );
  return (
    <details class="fold sql">
      <summary>
        <h3>As SQL for your warehouse</h3>
      </summary>
      <div class="stack">
        <div class="row">
          <div class="field">
            <span aria-hidden="true">Dialect</span>
            <Choice
              label="Dialect"
              value={dialect}
              options={DIALECTS}
              put={(next) => {
                setDialect(next as SqlOptions["dialect"]);
                if (sql) write(next as SqlOptions["dialect"]);
              }}
            />
          </div>
          {field("Table of customers", table, setTable)}
          {field("Its key", key, setKey)}
          {study.orders.length > 0 && field("Table of orders", orders, setOrders)}
        </div>
        <div class="actions">
          <button type="button" class="small-button" disabled={!ready} onClick={() => write(dialect)}>
            Write SQL
          </button>
          {sql && sql.text !== "" && (
            <button
              type="button"
              class="small-button"
              onClick={() => void navigator.clipboard.writeText(sql.text).then(() => setCopied(true))}
            >
              {copied ? "Copied" : "Copy"}
            </button>
          )}
        </div>
        <div role="status">
          {sql?.problem && <p class="bad">{sql.problem}</p>}
          {sql && sql.text !== "" && (
            <textarea
              class="sql-text"
              readOnly
              rows={Math.min(16, sql.text.split("\n").length + 1)}
              spellcheck={false}
              aria-label="The rule as SQL"
              value={sql.text}
            />
          )}
        </div>
      </div>
    </details>
  );
}
