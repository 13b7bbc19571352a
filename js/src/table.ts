import { asked } from "./asked.js";
import type { Engine } from "./engine.js";
import { fail, MarquetryError } from "./errors.js";
import type { Exchange } from "./exchange.js";
import { Handle } from "./handle.js";
import { linesOf } from "./lines.js";
import { type Fold, type PastFacts, type TableFacts, uncode } from "./protocol.js";
import { StudyHandle } from "./study.js";
import type { Job } from "./types/host.js";
import type { ColumnInfo, Dialect, Finding, Question } from "./types/read.js";
import type { Recipe, Study, StudyOptions } from "./types/study.js";
import type { Cell, CustomersOptions, Distribution, JoinProposal, Repair, RowsOptions, Table } from "./types/table.js";

/** A table in an engine. */
export class TableHandle extends Handle implements Table {
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  readonly dialect: Dialect;
  readonly findings: readonly Finding[];
  readonly questions: readonly Question[];
  readonly kind: "customers" | "orders";
  readonly repairs: readonly Repair[];
  readonly #handle: number;
  readonly #recipe: Recipe;
  readonly #exchange: Exchange;
  /** The order lines that its customers were folded from, and how. */
  readonly #made: { orders: TableHandle; fold: Fold } | undefined;

  constructor(
    engine: Engine,
    exchange: Exchange,
    facts: TableFacts,
    made?: { orders: TableHandle; fold: Fold } | undefined,
  ) {
    super(engine, "table");
    this.#exchange = exchange;
    this.#made = made;
    ({
      handle: this.#handle,
      recipe: this.#recipe,
      rowCount: this.rowCount,
      columns: this.columns,
      dialect: this.dialect,
      findings: this.findings,
      questions: this.questions,
      kind: this.kind,
      repairs: this.repairs,
    } = facts);
  }

  rows(options: RowsOptions = {}): Promise<Cell[][]> {
    return this.request("rows", { table: this.#handle, options });
  }

  async column(name: string): Promise<Float64Array | Int32Array | (string | null)[]> {
    const values = await this.request("column", { table: this.#handle, name });
    return "codes" in values ? uncode(values) : values;
  }

  async repair(repairs: Repair[], options: Job = {}): Promise<{ table: Table; log: Finding[] }> {
    const { job } = asked("repair", options);
    const { table, log } = await this.request("repair", { table: this.#handle, repairs }, job);
    return { table: new TableHandle(this.engine, this.#exchange, table, this.#made), log };
  }

  distribution(column: string): Promise<Distribution> {
    return this.request("distribution", { table: this.#handle, column });
  }

  proposeJoin(other: Table): Promise<JoinProposal | null> {
    return this.request("proposeJoin", { table: this.#handle, other: handleOf(other, this.engine) });
  }

  async customers(options: CustomersOptions = {}): Promise<Table> {
    const { settings, job } = asked("customers", options);
    const { attributes, ...rest } = settings;
    const joined = attributes === undefined ? {} : { attributes: handleOf(attributes, this.engine) };
    // The recipe says by which columns, also where they were found by their roles.
    const fold = { ...rest, lines: linesOf(this.columns, rest) };
    const facts = await this.request("customers", { table: this.#handle, options: fold, ...joined }, job);
    return new TableHandle(this.engine, this.#exchange, facts, { orders: this, fold });
  }

  study(options: StudyOptions = {}): Study {
    this.check();
    asked("study", options);
    if (options.zone !== undefined && options.zone !== "UTC") {
      const hint = "Leave the option out, or bring the times into days before.";
      throw new MarquetryError(
        "unsupported",
        `Times are counted in UTC; the zone “${options.zone}” is not offered. ${hint}`,
        { hint },
      );
    }
    const key = this.columns.find(({ role }) => role === "customer-id");
    const made = this.#made;
    const tables = { handleOf: (table: Table) => handleOf(table, this.engine), past: this.#past.bind(this) };
    const { engine } = this;
    // With its own order lines, where others are not given. Their column with the ids is called as the one here.
    if (options.orders !== undefined || key === undefined || !made?.orders.isOpen) {
      return new StudyHandle(engine, this.#exchange, this, this.#handle, this.#recipe, options, tables);
    }
    const joined = { ordersKey: key.name, ...options, orders: made.orders };
    return new StudyHandle(engine, this.#exchange, this, this.#handle, this.#recipe, joined, tables, made.fold);
  }

  /** These customers and orders as they were on a past day; `fold` is how the ones were made of the others. */
  #past({ customers, orders }: PastFacts, fold?: Fold): { customers: Table; orders: Table } {
    const lines = new TableHandle(this.engine, this.#exchange, orders);
    const made = fold && { orders: lines, fold };
    return { customers: new TableHandle(this.engine, this.#exchange, customers, made), orders: lines };
  }

  protected release(): Promise<void> {
    return this.engine.call("closeTable", { table: this.#handle });
  }

  /** The number by which an engine knows one of its own tables. */
  static handleOf(table: Table, engine: Engine): number {
    if (!(table instanceof TableHandle) || table.engine !== engine) {
      throw fail(
        "bad-option",
        "Tables can only be used together when the same segmenter loaded them, and none of them before its engine was restarted.",
      );
    }
    table.check();
    return table.#handle;
  }
}

const handleOf = TableHandle.handleOf;
