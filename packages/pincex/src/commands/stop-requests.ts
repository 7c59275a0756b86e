/**
 * npm passes Ctrl-C on to a child that got it from the terminal already, so one keystroke may arrive twice. A second
 * request within this time is the first one's echo.
 */
const ECHO_MS = 700;

export interface StopRequests {
  /** Calls back on each request to stop: Ctrl-C, or the end of a service. */
  onStopRequest(request: () => void): void;
  /** Milliseconds, from any origin. */
  now(): number;
  /** Called at the second request that is no echo: whoever asks twice does not want to wait. */
  force(): void;
}

/** Settles at the first request to stop. */
export const firstStopRequest = ({ onStopRequest, now, force }: StopRequests): Promise<void> =>
  new Promise((resolve) => {
    let firstAt: number | undefined;
    onStopRequest(() => {
      if (firstAt === undefined) {
        firstAt = now();
        resolve();
      } else if (now() - firstAt >= ECHO_MS) force();
    });
  });
