/** Presentation times by packet, where the container itself leaves them open. */

/** Seconds, by the packet's position in its track. */
export type PacketTimes = ReadonlyMap<number, number>;
