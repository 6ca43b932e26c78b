/**
 * Days and moments as numbers: days, or microseconds, since 1970 in UTC. Takes ISO 8601 as PostgreSQL writes it, with its
 * years before 1 and after 9999 and its infinities; a moment without an offset is one in UTC. Gives null for anything else.
 */
const endless = 10n ** 30n;
const second = 1_000_000n;
const lastDateYear = 5_874_897;
const lastMomentYear = 294_276;
const firstYearBefore = 4712;

const civil = "([0-9]{4,7})-([0-9]{2})-([0-9]{2})";
const dayForm = new RegExp(`^${civil}( BC)?$`);
const momentForm = new RegExp(
  `^${civil}(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\\.[0-9]{1,12})?)?(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?( BC)?$`,
);

export function readDay(text: string): bigint | null {
  const found = text.endsWith("\n") ? null : dayForm.exec(text);
  return infinity(text) ?? (found ? dayOf(found[1]!, found[2]!, found[3]!, found[4] !== undefined, lastDateYear) : null);
}

export function readMoment(text: string): bigint | null {
  const word = infinity(text);
  if (word !== null) return word;
  const found = text.endsWith("\n") ? null : momentForm.exec(text);
  if (!found) return null;
  const day = dayOf(found[1]!, found[2]!, found[3]!, found[11] !== undefined, lastMomentYear);
  const [hour, minute, seconds] = [part(found[4]), part(found[5]), part(found[6])];
  const [zoneHour, zoneMinute] = [part(found[9]), part(found[10])];
  if (day === null || hour > 23 || minute > 59 || seconds > 59 || zoneHour > 15 || zoneMinute > 59) return null;
  const offset = (found[8] === "-" ? -1 : 1) * (zoneHour * 60 + zoneMinute);
  const minutes = (day * 24n + BigInt(hour)) * 60n + BigInt(minute - offset);
  return (minutes * 60n + BigInt(seconds)) * second + BigInt(roundToEven(Number("0" + (found[7] ?? "")) * 1_000_000));
}

function infinity(text: string): bigint | null {
  return text === "infinity" ? endless : text === "-infinity" ? -endless : null;
}

function part(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

function dayOf(years: string, months: string, days: string, isBefore: boolean, last: number): bigint | null {
  const [written, month, day] = [Number(years), Number(months), Number(days)];
  if (written === 0 || written > (isBefore ? firstYearBefore : last) || month < 1 || month > 12 || day < 1) return null;
  const year = isBefore ? 1 - written : written;
  return day > daysOf(year, month) ? null : daysSince1970(year, month, day);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Howard Hinnant's days_from_civil. */
function daysSince1970(year: number, month: number, day: number): bigint {
  year -= month <= 2 ? 1 : 0;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return BigInt(era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468);
}
