/** The value of a condition, by what its operator needs. */
import type { RuleJson } from "../../model.ts";
import type { Operator } from "../../rule/vocabulary.ts";
import { One, type ValueProps } from "./Inputs.tsx";
import { Many } from "./Many.tsx";
import { Anniversary, Period, Span, Top } from "./Spans.tsx";

export function Value({ node, operator, ...props }: ValueProps & { node: RuleJson; operator: Operator }) {
  const details = { ...(node.value as Record<string, unknown>) };
  switch (operator.shape) {
    case "none":
      return null;
    case "one":
    case "pattern":
      return <One {...props} typeless={operator.shape === "pattern"} />;
    case "two": {
      const [low, high] = props.value as [unknown, unknown];
      return (
        <>
          <One {...props} label={`${props.label}, from`} value={low} put={(value) => props.put([value, high])} />
          <span class="word">and</span>
          <One {...props} label={`${props.label}, to`} value={high} put={(value) => props.put([low, value])} />
          {node.exclusive === true && <span class="tag">without the ends</span>}
        </>
      );
    }
    case "many":
      return <Many {...props} />;
    case "span":
      return <Span label={props.label} value={details} put={props.put} hours={props.column?.type === "time"} />;
    case "period":
      return <Period label={props.label} value={details} put={props.put} />;
    case "anniversary":
      return <Anniversary label={props.label} value={details} put={props.put} />;
    case "top":
      return <Top label={props.label} value={details} put={props.put} columns={props.columns} />;
  }
}
