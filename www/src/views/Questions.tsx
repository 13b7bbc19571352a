/** What the reader could not decide alone: what it took, why, and the other choices; and how the file is read in general. */
import type { Actions } from "../actions.ts";
import { label } from "../format.ts";
import type { Answers, Sheet } from "../model.ts";
import { spoken as shown } from "../repairs.ts";
import { leaf } from "../state.ts";

/** Every question with its evidence; answered ones stay, so that they can be answered anew. */
export function Questions({ sheet, actions }: { sheet: Sheet; actions: Actions }) {
  const all = [
    ...sheet.questions.map((one) => ({ ...one, open: true })),
    ...sheet.answered.map((one) => ({ ...one, open: false })),
  ];
  if (all.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="questions-title">
      <h2 id="questions-title">{sheet.questions.length === 0 ? "You decided" : "Please decide"}</h2>
      {all.map((question) => (
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
                  onChange={() => actions.decide(question, choice)}
                />
                {shown(question.code, choice)}
                {choice === question.taken && (question.open ? " (taken)" : " (your choice)")}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </section>
  );
}

const WAYS: readonly { option: "delimiter" | "decimal" | "dateOrder" | "encoding"; name: string; choices: string[] }[] =
  [
    { option: "delimiter", name: "Values parted by", choices: [",", ";", "\t", "|", "whitespace"] },
    { option: "decimal", name: "Decimal mark", choices: [".", ","] },
    { option: "dateOrder", name: "Order of dates", choices: ["dmy", "mdy", "ymd"] },
    {
      option: "encoding",
      name: "Encoding",
      choices: ["utf-8", "windows-1252", "iso-8859-15", "windows-1250", "windows-1251", "shift_jis", "utf-16le"],
    },
  ];

/** For when the file was read the wrong way and no question was asked. */
export function Reading({ actions }: { actions: Actions }) {
  const answers = leaf.value?.answers ?? {};
  return (
    <details class="reading">
      <summary>Read the file another way</summary>
      <div class="fields">
        {WAYS.map(({ option, name, choices }) => (
          <label key={option} class="field">
            <span>{name}</span>
            <select
              value={answers[option] ?? ""}
              onChange={(event) => actions.answer({ [option]: event.currentTarget.value || undefined } as Answers)}
            >
              <option value="">found out</option>
              {choices.map((choice) => (
                <option key={choice} value={choice}>
                  {shown(option, choice)}
                </option>
              ))}
            </select>
          </label>
        ))}
        <label class="field">
          <span>First row</span>
          <select
            value={answers.header === undefined ? "" : String(answers.header)}
            onChange={({ currentTarget: { value } }) =>
              actions.answer({ header: value === "" ? undefined : value === "true" } as Answers)
            }
          >
            <option value="">found out</option>
            <option value="true">holds the names</option>
            <option value="false">is data</option>
          </select>
        </label>
      </div>
    </details>
  );
}
