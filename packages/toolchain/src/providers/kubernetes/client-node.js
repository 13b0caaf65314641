/**
 * @kubernetes/client-node is an ES module. TypeScript turns `import()` into `require()` in a CommonJS package, which cannot load one on
 * Node.js 20, so the real `import()` stands in a file that TypeScript does not see. It costs half a second: nobody loads it without need.
 */
module.exports.loadClient = () => import("@kubernetes/client-node");
