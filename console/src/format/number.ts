/** Numbers as people read them, in the language of the console. Figures use tabular digits. */

/** `1234` → `1,234`; from 100,000 on `123K` / `12.3万`. */
export function count(value: number, language: string): string {
  return new Intl.NumberFormat(
    language,
    value >= 100_000 ? { notation: 'compact', maximumFractionDigits: 1 } : {},
  ).format(value)
}

/** A share between 0 and 1 as a percentage. */
export function percent(share: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0,
  }).format(share)
}

/** A share as a promise names it, `99.95%`: what is not quite all is never shown as all. */
export function exactPercent(share: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 3,
    roundingMode: 'trunc',
  }).format(Number(share.toFixed(9)))
}

/** A duration in milliseconds: `0.8 ms`, `34 ms`, `1.25 s`, `2.1 min`. */
export function duration(ms: number, language: string): string {
  const [value, unit, digits] =
    ms < 10
      ? ([ms, 'ms', 1] as const)
      : ms < 1000
        ? ([ms, 'ms', 0] as const)
        : ms < 10_000
          ? ([ms / 1000, 's', 2] as const)
          : ms < 120_000
            ? ([ms / 1000, 's', 1] as const)
            : ([ms / 60_000, 'min', 1] as const)
  const figure = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)
  return `${figure} ${unit}`
}

/** A rate per second with one digit, `54.3`. */
export function rate(value: number, language: string): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(value)
}

/** A size in bytes: `4 byte`, `1.2 MB`; powers of 1000, as disks are sold. */
export function size(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const step = Math.min(bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0, units.length - 1)
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    maximumFractionDigits: step ? 1 : 0,
  }).format(bytes / 1000 ** step)
}
