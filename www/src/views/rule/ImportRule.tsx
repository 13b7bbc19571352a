/** Another system's rule, pasted: what it says here, what could not be said, and where its meaning differs. */
import { useId, useState } from "preact/hooks";
import type { Actions } from "../../actions.ts";
import type { RuleSource } from "../../model.ts";
import { state } from "../../state.ts";
import { Choice } from "./Spans.tsx";

const FORMATS: [RuleSource, string][] = [
  ["jsonlogic", "JsonLogic"],
  ["react-querybuilder", "react-querybuilder"],
  ["mongodb", "MongoDB filter"],
  ["shopify", "Shopify segment"],
  ["hubspot", "HubSpot list"],
  ["klaviyo", "Klaviyo segment"],
];

export function ImportRule({ actions }: { actions: Actions }) {
  const [format, setFormat] = useState<RuleSource>("jsonlogic");
  const [text, setText] = useState("");
  const id = useId();
  const imported = state.imported.value;
  return (
    <details class="fold import">
      <summary>
        <h3>Bring a rule from another system</h3>
      </summary>
      <div class="stack">
        <div class="row">
          <Choice label="Which system" value={format} options={FORMATS} put={(next) => setFormat(next as RuleSource)} />
          <button
            type="button"
            class="small-button"
            disabled={text.trim() === ""}
            onClick={() => actions.importRule(format, text)}
          >
            Read it
          </button>
        </div>
        <label class="hidden" for={id}>
          The rule as that system writes it
        </label>
        <textarea
          id={id}
          class="mono"
          rows={3}
          spellcheck={false}
          placeholder={PLACEHOLDER[format]}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <div role="status" class="stack">
          {imported?.problem && <p class="bad">{imported.problem}</p>}
          {imported?.rule && <Found imported={imported} actions={actions} />}
        </div>
      </div>
    </details>
  );
}

const PLACEHOLDER: Record<RuleSource, string> = {
  jsonlogic: '{"and": [{">=": [{"var": "frequency"}, 3]}]}',
  "react-querybuilder": '{"combinator": "and", "rules": [{"field": "frequency", "operator": ">=", "value": 3}]}',
  mongodb: '{"frequency": {"$gte": 3}}',
  shopify: "number_of_orders >= 3",
  hubspot: '{"filterBranchType": "OR", "filterBranches": []}',
  klaviyo: '{"condition_groups": []}',
};

function Found({ imported, actions }: { imported: NonNullable<typeof state.imported.value>; actions: Actions }) {
  const { rule, text, unsupported, notes } = imported;
  return (
    <>
      <code class="found">{text}</code>
      {unsupported.length > 0 && (
        <div class="note warning">
          <p>
            <strong>Left out, for it cannot be said here:</strong>
          </p>
          <ul class="bullets">
            {unsupported.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
      {notes.length > 0 && (
        <ul class="bullets small-text">
          {notes.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <div>
        <button type="button" class="small-button" onClick={() => rule && actions.draftRule("", rule)}>
          Use this rule
        </button>
      </div>
    </>
  );
}
