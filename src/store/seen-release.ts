/**
 * A release that an error was seen in. Lists begin with the one seen last; of very many they hold the
 * first one and those seen last. Times are receipt times, in milliseconds since 1970.
 */
export type SeenRelease = { release: string; firstSeen: number; lastSeen: number };
