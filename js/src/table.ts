import type { Engine } from "./engine.js";
import { fail, MarquetryError } from "./errors.js";
import type { Exchange } from "./exchange.js";
import { Handle, split } from "./handle.js";
import { type TableFacts, uncode } from "./protocol.js";
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
  /** The order lines that its customers were folded from. */
  readonly #orders: TableHandle | undefined;

  constructor(engine: Engine, exchange: Exchange, facts: TableFacts, orders?: TableHandle) {
    super(engine, "table");
    this.#exchange = exchange;
    this.#orders = orders;
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
    const { job } = split(options);
    const { table, log } = await this.request("repair", { table: this.#handle, repairs }, job);
    return { table: new TableHandle(this.engine, this.#exchange, table, this.#orders), log };
  }

  distribution(column: string): Promise<Distribution> {
    return this.request("distribution", { table: this.#handle, column });
  }

  proposeJoin(other: Table): Promise<JoinProposal | null> {
    return this.request("proposeJoin", { table: this.#handle, other: handleOf(other, this.engine) });
  }

  async customers(options: CustomersOptions = {}): Promise<Table> {
    const { settings, job } = split(options);
    const { attributes, ...rest } = settings;
    const joined = attributes === undefined ? {} : { attributes: handleOf(attributes, this.engine) };
    const facts = await this.request("customers", { table: this.#handle, options: rest, ...joined }, job);
    return new TableHandle(this.engine, this.#exchange, facts, this);
  }

  study(options: StudyOptions = {}): Study {
    this.check();
    if (options.zone !== undefined && options.zone !== "UTC") {
      const hint = "Leave the option out, or bring the times into days before.";
      throw new MarquetryError(
        "unsupported",
        `Times are counted in UTC; the zone “${options.zone}” is not offered. ${hint}`,
        { hint },
      );
    }
    const joined = this.#joined(options);
    return new StudyHandle(this.engine, this.#exchange, this, this.#handle, this.#recipe, joined, (table) =>
      handleOf(table, this.engine),
    );
  }

  /** With its own order lines, where others are not given. Their column with the ids is called as the one here. */
  #joined(options: StudyOptions): StudyOptions {
    const key = this.columns.find(({ role }) => role === "customer-id");
    if (options.orders !== undefined || key === undefined || !this.#orders?.isOpen) return options;
    return { ordersKey: key.name, ...options, orders: this.#orders };
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
