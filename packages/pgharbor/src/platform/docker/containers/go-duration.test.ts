import { goDuration } from "./go-duration";

// What `time.Duration.String()` of Go prints for each.
test.each([
  ["0s", "0s"],
  ["250 ms", "250ms"],
  ["1500ms", "1.5s"],
  ["5s", "5s"],
  ["60s", "1m0s"],
  ["90s", "1m30s"],
  ["1 min", "1m0s"],
  ["1.5min", "1m30s"],
  ["3600s", "1h0m0s"],
  ["1h", "1h0m0s"],
  ["3601500ms", "1h0m1.5s"],
])("%s is %s", (text, printed) => expect(goDuration(text)).toBe(printed));
