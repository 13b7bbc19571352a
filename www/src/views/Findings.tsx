import type { Actions } from "../actions.ts";
import { count, label, percent, plural } from "../format.ts";
import type { Answers, Finding, Question, Sheet } from "../model.ts";

/** What was noticed about the data, worst first, each with its repairs. */
export function Findings({ sheet, actions }: { sheet: Sheet; actions: Actions }) {
  const weight = { error: 0, warning: 1, info: 2 };
  const findings = [...sheet.findings].sort((a, b) => weight[a.severity] - weight[b.severity] || b.rows - a.rows);
  return (
    <section class="panel" aria-labelledby="findings-title">
      <h2 id="findings-title">
        {findings.length === 0 ? "Nothing to report: the data look sound" : plural(findings.length, "finding")}
      </h2>
      {sheet.repairs.length > 0 && (
        <ul class="findings" aria-label="Repairs made">
          {sheet.repairs.map((repair, index) => (
            <li key={index}>
              <p>
                <span class="tag good-tag">repaired</span> {repair.message}
              </p>
            </li>
          ))}
        </ul>
      )}
      <ul class="findings">
        {findings.map((finding, index) => (
          <OneFinding key={`${finding.code}-${finding.column}-${index}`} finding={finding} actions={actions} />
        ))}
      </ul>
    </section>
  );
}

function OneFinding({ finding, actions }: { finding: Finding; actions: Actions }) {
  const word = { error: "wrong", warning: "look", info: "note" }[finding.severity];
  return (
    <li>
      <p>
        <span class={`tag ${finding.severity}`}>{word}</span> {finding.message}
      </p>
      {finding.examples.length > 0 && (
        <details>
          <summary class="small-text">
            {finding.rows > 0 ? `${plural(finding.rows, "row")}, ${percent(finding.share)}: examples` : "Examples"}
          </summary>
          <ul class="plain-list">
            {finding.examples.map(({ row, value }) => (
              <li key={row}>
                <span class="quiet">row {count(row)}</span>
                <span class="mono">{value === "" ? "(empty)" : value}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {finding.repair && finding.repair.length > 0 && (
        <div class="actions">
          {finding.repair.map((code) => (
            <button
              key={code}
              type="button"
              class="small-button"
              onClick={() => actions.repair(code, finding.column, undefined)}
            >
              {label(code)}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

/** The option that answers a question: `date-order` is asked, `dateOrder` is told. */
function answerTo(question: Question, choice: string): Answers {
  const option = question.code.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (option === "header") return { header: choice === "true" || choice === "yes" };
  return { [option]: choice } as Answers;
}

/** Decisions the reader could not make alone: what it took, why, and the other choices. */
export function Questions({ sheet, actions }: { sheet: Sheet; actions: Actions }) {
  if (sheet.questions.length === 0) return null;
  return (
    <section class="panel" aria-label="Questions">
      {sheet.questions.map((question) => (
        <fieldset key={question.code + question.column} class="question">
          <legend>
            {label(question.code)}
            {question.column ? ` of ${question.column}` : ""}?
          </legend>
          <p>{question.evidence}</p>
          <div class="actions">
            {question.choices.map((choice) => (
              <label key={choice} class="check">
                <input
                  type="radio"
                  name={`${question.code}-${question.column ?? ""}`}
                  checked={choice === question.taken}
                  onChange={() => actions.answer(answerTo(question, choice))}
                />
                {choice === question.taken ? `${shown(question, choice)} (taken)` : shown(question, choice)}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </section>
  );
}

const SHOWN: Record<string, string> = {
  dmy: "day, month, year",
  mdy: "month, day, year",
  ymd: "year, month, day",
  ".": "point (1234.5)",
  ",": "comma (1234,5)",
  ";": "semicolon",
  "\t": "tab",
  "|": "bar",
  true: "yes",
  false: "no",
};
const shown = (question: Question, choice: string): string =>
  question.code === "delimiter" && choice === "," ? "comma" : (SHOWN[choice] ?? choice);
