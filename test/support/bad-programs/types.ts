/** A program that must be refused, with every problem that must be named. Values are of any type: YAML may pass anything. */
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
  /** Users that are declared in the program. Absent: not known. */
  declaredUsers?: string[];
}
