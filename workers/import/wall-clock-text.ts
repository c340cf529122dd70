/** Dates that cameras write as text into AVI and FLV files, none of which says its zone. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const two = (number: number | string): string => String(number).padStart(2, '0');

/** `MON MAR 10 15:04:43 2003` (C's asctime), `2005/08/17 11:42:43` and `2001-1-27 1:42 PM` as `2003-03-10T15:04:43`; null for anything else. */
export const wallClockFrom = (text: string): string | null => {
  const asctime = /^\w{3} (\w{3}) +(\d{1,2}) +(\d{1,2}):(\d\d):(\d\d) (\d{4})/.exec(text.trim());
  if (asctime) {
    const [, month = '', day = '', hour = '', minute = '', second = '', year = ''] = asctime;
    const at = MONTHS.indexOf(month.toLowerCase()) + 1;
    return at === 0 ? null : `${year}-${two(at)}-${two(day)}T${two(hour)}:${minute}:${second}`;
  }
  const numbers = /^(\d{4})[-/: ] ?(\d{1,2})[-/: ] ?(\d{1,2})[T ] ?(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AP]M)?/i.exec(
    text.trim(),
  );
  if (!numbers) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00', half = ''] = numbers;
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : hour;
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}`;
};
