/** The screens behind the first one, by name. */
import type { Screens } from "../model.ts";
import { Changes } from "./Changes.tsx";
import { Check } from "./Check.tsx";
import { Clusters } from "./Clusters.tsx";
import { Export } from "./Export.tsx";
import { Profile } from "./Profile.tsx";
import { Rfm } from "./Rfm.tsx";
import { Segments } from "./Segments.tsx";
import { Value } from "./Value.tsx";

export const screens: Screens = {
  check: Check,
  rfm: Rfm,
  value: Value,
  segments: Segments,
  clusters: Clusters,
  profile: Profile,
  changes: Changes,
  export: Export,
};
