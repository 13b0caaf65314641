import { isOther, type Handler } from "../provider/handler";
import type { Location } from "../../clients/location";
import type { SqlServer } from "../sql/sql-server";
import { leadsStill } from "../sql/connection";

/** How resources are reached: those of a cluster, and those of its SQL. */
type Connection = Partial<Location> & { server?: SqlServer };

/** How a resource is reached is no part of what it is. What a preview does not know yet is no other way. */
const isSameConnection = (a: Connection, b: Connection): boolean =>
  !isOther(a.kubeconfig, b.kubeconfig) &&
  !isOther(a.kubernetes?.account?.uid, b.kubernetes?.account?.uid) &&
  (a.server === undefined || b.server === undefined || leadsStill(a.server, b.server));

/**
 * A refresh and a delete know nothing but the state. So another kubeconfig, whose token or certificate replaces one that ends, is
 * a change of each resource that has it, and an update that stores it and does nothing else.
 */
export function rememberConnection<Inputs extends object, Outputs extends Inputs>(
  handler: Handler<Inputs, Outputs>,
): Handler<Inputs, Outputs> {
  return {
    ...handler,
    async diff(id, olds, news) {
      const its = await handler.diff(id, olds, news);
      return its.changes === true ? its : { ...its, changes: !isSameConnection(olds, news) };
    },
    async update(id, olds, news) {
      const { changes } = await handler.diff(id, olds, news);
      return changes === true ? handler.update(id, olds, news) : { outs: stored(olds, news) };
    },
  };
}

function stored<Outputs extends object>(olds: Outputs, news: Connection): Outputs {
  const { kubeconfig: _former, ...rest }: Connection & Outputs = olds;
  const { kubeconfig, kubernetes, server } = news;
  return {
    ...(rest as Outputs),
    ...(server === undefined ? {} : { server }),
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}
