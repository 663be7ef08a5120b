import { parser } from '@prometheus-io/lezer-promql';

/** One series that a query asks for. */
export interface AskedSeries {
  readonly metric: string;
  /** Labels that it is chosen by. */
  readonly labels: readonly string[];
}

/** What a query asks for: series, and the labels that it groups by. */
export interface Query {
  readonly series: readonly AskedSeries[];
  readonly groupedBy: readonly string[];
}

/** Reads a PromQL expression by Prometheus' own grammar. Throws where it is none. */
export function readPromql(expression: string): Query {
  const series: { metric: string; labels: string[] }[] = [];
  const groupedBy: string[] = [];
  const tree = parser.parse(expression);
  tree.iterate({
    enter(node) {
      const text = () => expression.slice(node.from, node.to);
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expression}`);
      if (node.name === 'VectorSelector') series.push({ metric: '', labels: [] });
      const last = series.at(-1);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector' && last) last.metric = text();
      if (node.name === 'LabelName') {
        if (node.node.parent?.name === 'GroupingLabels') groupedBy.push(text());
        else last?.labels.push(text());
      }
    },
  });
  return { series, groupedBy };
}
