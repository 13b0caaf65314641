import { execAt } from "../../clients/location";
import { MemberProgress } from "./member-progress";

jest.mock("../../clients/location", () => ({ execAt: jest.fn() }));

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse("2027-01-01T00:00:00Z");

/** A member with a fake clock, polled every five seconds as `MemberReady` does. */
class Member {
  private readonly clock = jest.spyOn(Date, "now").mockReturnValue(START);
  private readonly progress: MemberProgress;
  /** Patroni's state; with "" the command fails. */
  private state = "";
  private isThere = false;

  constructor() {
    jest
      .mocked(execAt)
      .mockImplementation((_location, _container, [, command]) => Promise.resolve(this.answer(command)));
    this.progress = new MemberProgress({ kubernetes: { namespace: "shop" } }, "shop-m2-0/patroni");
  }

  /** @returns the outcome of polling, with the time until a failure */
  async stays(state: string, atMostMs: number): Promise<string> {
    this.state = state;
    const since = Date.now();
    for (;;) {
      try {
        if (await this.progress.poll()) return "back";
      } catch (error) {
        return `given up after ${Math.round((Date.now() - since) / MINUTE)} min: ${(error as Error).message}`;
      }
      if (Date.now() - since >= atMostMs) return "waited for";
      this.clock.mockReturnValue(Date.now() + 5 * SECOND);
    }
  }
  comesBack(): void {
    this.isThere = true;
  }
  status(): string {
    return this.progress.status;
  }

  private answer(command: string) {
    if (command === "wait-self")
      return { code: this.isThere ? 0 : 1, stdout: "", stderr: this.isThere ? "" : "not yet" };
    const members = [{ name: "shop-m2-0", state: this.state }];
    return { code: this.state === "" ? 1 : 0, stdout: JSON.stringify({ cluster: { members } }), stderr: "no answer" };
  }
}

afterEach(() => jest.restoreAllMocks());

describe("the wait for a member", () => {
  it("lasts while the member copies or recovers, and ends when it is back", async () => {
    const member = new Member();
    expect(await member.stays("creating replica", 3 * HOUR)).toBe("waited for");
    expect(member.status()).toBe(`is "creating replica" in Patroni's words`);
    expect(await member.stays("in archive recovery", 3 * HOUR)).toBe("waited for");
    member.comesBack();
    expect(await member.stays("streaming", MINUTE)).toBe("back");
  });

  it("is five minutes after the last progress of a member", async () => {
    const member = new Member();
    expect(await member.stays("creating replica", HOUR)).toBe("waited for");
    expect(await member.stays("stopped", 4 * MINUTE)).toBe("waited for");
    expect(await member.stays("start failed", HOUR)).toMatch(
      /^given up after 5 min: .*nothing has changed for 5 minutes.*"start failed": not yet/s,
    );
  });

  it("is five minutes if Patroni never answers", async () => {
    const member = new Member();
    expect(await member.stays("", HOUR)).toMatch(/^given up after 5 min: .*not yet/s);
    expect(member.status()).toBe("starts Patroni (not yet)");
  });

  it("is not extended for a member that repeats the same states", async () => {
    const member = new Member();
    const rounds: string[] = [];
    for (let round = 0; round < 20; round++)
      for (const state of ["starting", "start failed"]) rounds.push(await member.stays(state, 30 * SECOND));
    const end = rounds.findIndex((outcome) => outcome.startsWith("given up"));
    // The first round is new; five minutes are ten more looks of half a minute each.
    expect(end).toBeGreaterThan(8);
    expect(end).toBeLessThan(14);
  });

  it("is twelve hours at most", async () => {
    const member = new Member();
    expect(await member.stays("creating replica", 20 * HOUR)).toMatch(
      /^given up after 720 min: .*is still at work after 12 hours/s,
    );
  });
});
