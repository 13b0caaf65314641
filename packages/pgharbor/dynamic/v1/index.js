// Stored in the state of every stack as `require("pgharbor/dynamic/v1")`: this path never moves.
module.exports = require("../../dist/dynamic/v1");
