// The golden shop: the same order lines as tests/engine/golden.rs writes, and the same line of work through the package.

function generator() {
  let state = 20251121;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

/** Order lines from a linear congruence modulo 2³¹: whole numbers only, so that every language writes the same text. */
export function shop() {
  const next = generator();
  const first = Date.UTC(2024, 0, 1) / 86_400_000;
  const countries = ["DE", "AT", "CH", "FR", ""];
  let text = "order_id,customer_id,order_date,amount,country\n";
  for (let order = 1; order <= 4000; order++) {
    const customer = next(500);
    const day = first + (customer % 4 === 0 ? 500 : 0) + next(200);
    const cents = 500 + next(3000) * (customer % 3 === 0 ? 9 : 1);
    const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
    const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
    text += `${order},${String(customer).padStart(4, "0")},${date},${amount},${countries[customer % 5]}\n`;
  }
  return text;
}

/** FNV-1a over bytes, 64 bits, as 16 hexadecimal digits. */
export function hash(bytes) {
  let value = 0xcbf29ce484222325n;
  for (const byte of bytes) value = ((value ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return value.toString(16).padStart(16, "0");
}

/** The whole line on the shop; every hash of tests/golden/expected.json. */
export async function golden(createSegmenter) {
  const bytes = new TextEncoder().encode(shop());
  const segmenter = await createSegmenter();
  try {
    const orders = await segmenter.load(new Blob([bytes]), { name: "shop.csv" });
    const customers = await orders.customers({ referenceDate: "2026-01-01" });
    const study = customers.study({ seed: 7 });
    await study.rfm();
    await study.segment("Big", "monetary > 900 and recency_days <= 300");
    const features = ["recency_days", "frequency", "monetary"];
    const clusters = await study.cluster({ features, k: { min: 2, max: 5 } });
    const { silhouette, calinskiHarabasz } = clusters.quality;
    const figures = Float64Array.from([clusters.inertia, silhouette, calinskiHarabasz, ...clusters.centers.flat()]);
    const members = await study.export({ what: "members", format: "csv" });
    return {
      shop: hash(bytes),
      k: clusters.k,
      figures: hash(new Uint8Array(figures.buffer)),
      members: hash(new Uint8Array(await members.arrayBuffer())),
    };
  } finally {
    await segmenter.close();
  }
}

/** More customers than one engine clusters alone when there are several. */
export function crowd() {
  const next = generator();
  const lines = ["spend,orders,age\n"];
  for (let row = 0; row < 210_000; row++) {
    const kind = row % 4;
    lines.push(`${100 * kind + next(150)},${60 * ((kind * 3) % 4) + next(100)},${next(1000)}\n`);
  }
  return lines.join("");
}

/** The hash of their clusters: labels, centres and inertia. */
export async function clusteredCrowd(createSegmenter, workers) {
  const segmenter = await createSegmenter({ workers });
  try {
    const table = await segmenter.load(new Blob([crowd()]), { name: "crowd.csv" });
    const features = ["spend", "orders", "age"].map((column) => ({ column, transform: "z" }));
    const clusters = await table.study({ seed: 7 }).cluster({ features, k: 5, restarts: 2 });
    const labels = await clusters.assignments();
    const figures = Float64Array.from([clusters.inertia, ...clusters.centers.flat()]);
    return hash([...new Uint8Array(labels.buffer), ...new Uint8Array(figures.buffer)]);
  } finally {
    await segmenter.close();
  }
}
