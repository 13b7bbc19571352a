/** The values that are no single value: so many days, a period of the calendar, a yearly return, a place in the ranking. */
import type { ColumnInfo } from "../../model.ts";
import { plural, UNITS, WHICH } from "../../rule/vocabulary.ts";
import { NumberInput } from "./Inputs.tsx";

interface Props {
  label: string;
  value: Record<string, unknown>;
  put(value: Record<string, unknown>): void;
}

/** A choice among words. */
export function Choice({
  label,
  value,
  options,
  put,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  put(value: string): void;
}) {
  return (
    <select aria-label={label} value={value} onChange={(event) => put(event.currentTarget.value)}>
      {options.map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </select>
  );
}

export function Span({ label, value, put, hours = false }: Props & { hours?: boolean }) {
  const units = UNITS.filter((unit) => hours || unit !== "hour" || value.unit === "hour");
  return (
    <>
      <NumberInput
        label={`${label}, how many`}
        value={value.amount as number}
        put={(amount) => put({ ...value, amount })}
        whole
      />
      <Choice
        label={`${label}, unit`}
        value={String(value.unit)}
        options={units.map((unit) => [unit, plural(unit, value.amount)])}
        put={(unit) => put({ ...value, unit })}
      />
    </>
  );
}

export function Period({ label, value, put }: Props) {
  const fiscal = value.fiscalFrom as number | undefined;
  const unit = String(value.unit);
  return (
    <>
      <Choice
        label={`${label}, which`}
        value={String(value.which)}
        options={WHICH.map((which) => [which, which])}
        put={(which) => put({ ...value, which })}
      />
      <Choice
        label={`${label}, unit`}
        value={unit}
        options={UNITS.slice(1).map((one) => [one, fiscal && one === unit ? `fiscal ${one}` : one])}
        put={(next) => {
          const { fiscalFrom, ...rest } = value;
          const stays = fiscalFrom !== undefined && (next === "quarter" || next === "year");
          put({ ...rest, unit: next, ...(stays && { fiscalFrom }) });
        }}
      />
      {(unit === "quarter" || unit === "year") && (
        <Choice
          label={`${label}, first month of the year`}
          value={String(fiscal ?? 1)}
          options={MONTHS.map((month, index) => [String(index + 1), index === 0 ? "calendar year" : `from ${month}`])}
          put={(month) => {
            const { fiscalFrom: _, ...rest } = value;
            put(month === "1" ? rest : { ...rest, fiscalFrom: Number(month) });
          }}
        />
      )}
    </>
  );
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

export function Anniversary({ label, value, put }: Props) {
  return (
    <>
      <Choice
        label={`${label}, before or after`}
        value={String(value.direction)}
        options={[
          ["next", "next"],
          ["last", "last"],
        ]}
        put={(direction) => put({ ...value, direction })}
      />
      <NumberInput
        label={`${label}, days`}
        value={value.days as number}
        put={(days) => put({ ...value, days })}
        whole
      />
      <span class="word">{plural("day", value.days)}</span>
    </>
  );
}

export function Top({ label, value, put, columns }: Props & { columns: readonly ColumnInfo[] }) {
  const groups = columns.filter(({ type, distinct }) => type === "text" && distinct <= 500);
  const { per, ...rest } = value;
  return (
    <>
      <NumberInput
        label={`${label}, how many`}
        value={value.amount as number}
        put={(amount) => put({ ...value, amount })}
      />
      <Choice
        label={`${label}, of what`}
        value={value.percent === true ? "percent" : "customers"}
        options={[
          ["percent", "%"],
          ["customers", "customers"],
        ]}
        put={(unit) => {
          const { percent: _, ...others } = value;
          put(
            unit === "percent"
              ? { ...others, percent: true }
              : { ...others, amount: Math.max(1, Math.round(Number(value.amount))) },
          );
        }}
      />
      {(groups.length > 0 || per !== undefined) && (
        <Choice
          label={`${label}, within`}
          value={String(per ?? "")}
          options={[["", "of everyone"], ...groups.map(({ name }): [string, string] => [name, `of each ${name}`])]}
          put={(name) => put(name === "" ? rest : { ...rest, per: name })}
        />
      )}
    </>
  );
}
