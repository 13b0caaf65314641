/** An invalid program with every expected problem. Values are of any type, because YAML may pass anything. */
interface Bad {
  name: string;
  spec: unknown;
  problems: { path: string; message: string }[];
}

export interface BadCluster extends Bad {
  /** @default "shop" */
  cluster?: string;
}

export interface BadUser extends Bad {
  password?: unknown;
}

export interface BadDatabase extends Bad {
  /** Users declared in the program. Absent: unknown. */
  declaredUsers?: string[];
}
