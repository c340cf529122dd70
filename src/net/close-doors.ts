/**
 * Takes away what could talk to the network beside the one door, on the page and in each worker, before any other code runs.
 * The content policy does not cover WebRTC, and a beacon outlives the page: a dependency that tried either now finds nothing.
 */

/** Constructors, by the end of their names so that no bundle has to spell them. */
const OTHER_DOORS =
  /^(?:Web(?:Socket|SocketStream|Transport)|Event(?:Source)|(?:webkit)?RTC(?:Peer|Data|Ice|Dtls|Sctp)\w+)$/;

/** The names that were taken away; those the browser does not let go of stay. */
export const closeOtherDoors = (scope: object): readonly string[] => {
  const closed = Object.getOwnPropertyNames(scope).filter(
    (name) => OTHER_DOORS.test(name) && Reflect.deleteProperty(scope, name),
  );
  const navigator: unknown = Reflect.get(scope, 'navigator');
  if (typeof navigator === 'object' && navigator !== null) {
    const prototype = Reflect.getPrototypeOf(navigator);
    for (const name of prototype === null ? [] : Object.getOwnPropertyNames(prototype)) {
      if (name.endsWith('Beacon') && prototype !== null && Reflect.deleteProperty(prototype, name)) closed.push(name);
    }
  }
  return closed;
};

closeOtherDoors(globalThis);
