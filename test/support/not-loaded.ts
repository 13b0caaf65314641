// Stands in for a library that no test calls.
export {};
