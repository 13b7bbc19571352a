/** The page's one door to the engine: the only file that imports the package, and by its public name. */
export type {
  Clustering,
  ColumnInfo,
  ColumnType,
  CustomersOptions,
  Distribution,
  Finding,
  Grouping,
  JoinProposal,
  LoadOptions,
  Overlap,
  Profile,
  Question,
  Repair,
  RfmGrouping,
  Role,
  RuleCounts,
  Segment,
  Segmenter,
  Study,
  Table,
} from "marquetry";
export { createSegmenter, loadEngine, loadWorkbook, MarquetryError } from "marquetry";
