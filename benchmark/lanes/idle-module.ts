/** Handles messages by doing nothing. */
export default function handle(): void {}
