import { UNKNOWN, textOf, type Properties } from "../protocol/values";
import { activeCluster } from "./kubeconfig";
import { kubeconfigText } from "./provider-options";

/** Which arguments say where the cluster is. */
const LOCATION = ["kubeconfig", "context", "cluster"];

/**
 * A cluster has no identity of its own, so another active cluster in the kubeconfig is taken for another cluster, and everything in it is made
 * anew there. `clusterIdentifier`, when it is given before and after, decides instead.
 */
export async function diffConfig(
  olds: Properties,
  news: Properties,
): Promise<{ changed: string[]; replaces: string[] }> {
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
  );
  if (changed.length === 0) return { changed, replaces: [] };
  const [before, after] = [textOf(olds.clusterIdentifier), textOf(news.clusterIdentifier)];
  if (after !== undefined && before === after) return { changed, replaces: [] };
  const replaces = before !== undefined && after !== undefined ? ["clusterIdentifier"] : [];
  const unknown = LOCATION.find((key) => news[key] === UNKNOWN);
  if (unknown !== undefined) return { changed: [unknown], replaces: [...replaces, unknown] };
  if (await movesElsewhere(olds, news)) replaces.push(...LOCATION.filter((key) => changed.includes(key)));
  return { changed, replaces };
}

async function movesElsewhere(olds: Properties, news: Properties): Promise<boolean> {
  const [before, after] = await Promise.all([olds, news].map((config) => activeCluster(locationOf(config))));
  return before !== undefined && after !== undefined && JSON.stringify(before) !== JSON.stringify(after);
}

function locationOf(config: Properties) {
  return {
    kubeconfig: kubeconfigText(config.kubeconfig),
    context: textOf(config.context),
    cluster: textOf(config.cluster),
  };
}
