// Who places customers by our models: the warehouses by SQL, onnxruntime and JPMML by the files they are given.
import { asking, install, java, engines as warehouses } from "../sql/engines.mjs";

const PACKAGES = {
  onnxruntime: ["onnxruntime==1.32.0", "onnx==1.23.2", "numpy"],
  jpmml: ["jpmml-evaluator==0.16.0", "jpype1==1.7.1", "pandas", "numpy"],
};

async function scorer(name, setup) {
  await install(name, PACKAGES[name], setup);
  const { ask, close } = asking("tests/models/scorers.py");
  const { version } = await ask({ open: name });
  return { version, close, ask };
}

/** A model in the form that the engine takes. */
const forms = {
  onnxruntime: async (placed) => Buffer.from(await placed.toONNX()).toString("base64"),
  jpmml: (placed) => placed.toPMML(),
};

/** Labels by a file: each column as numbers or as texts, as the model has it. */
function byFile(name, { version, close, ask }) {
  return {
    version,
    close,
    tables: async () => undefined,
    async labels(placed, table) {
      const { features } = placed.toJSON();
      const used = [...new Map(features.map((feature) => [feature.column, feature.level !== undefined]))];
      const columns = used.map(([column, isCategory]) => {
        const at = table.columns.findIndex((one) => one.name === column);
        const { type } = table.columns[at];
        const number = (value) => (type === "date" ? Date.parse(value) / 86_400_000 : Number(value));
        const text = (value) => String(value);
        const values = table.rows.map((row) =>
          row[at] === null ? null : isCategory ? text(row[at]) : number(row[at]),
        );
        return { name: column, type: isCategory ? "text" : "number", values };
      });
      return (await ask({ model: await forms[name](placed), columns })).labels;
    },
  };
}

/** Labels by a statement. */
function bySql(name, engine) {
  return {
    ...engine,
    async labels(placed, { rows }) {
      const statement = await placed.toSQL({ dialect: name, table: "customers", key: "id" });
      const [result] = await engine.sql([statement]);
      if (result.error) throw new Error(`${result.error}\n${statement.slice(0, 3_000)}`);
      const found = new Map(result.rows);
      if (found.size !== rows.length || result.rows.length !== rows.length)
        throw new Error(`${result.rows.length} rows for ${rows.length} customers`);
      return rows.map(([id]) => found.get(id));
    },
  };
}

/** By name: starts the engine. */
export const engines = {
  ...Object.fromEntries(
    Object.entries(warehouses).map(([name, start]) => [name, async (setup) => bySql(name, await start(setup))]),
  ),
  onnxruntime: async (setup) => byFile("onnxruntime", await scorer("onnxruntime", setup)),
  jpmml: async (setup) => {
    await java(setup);
    return byFile("jpmml", await scorer("jpmml", setup));
  },
};
