/** Amounts of money. The API counts in billionths of a currency, so that no cent is lost. */

/** `0.000123 USD` as `$0.000123`; small amounts keep the digits that say something. */
export function money(nanos: number, currency: string, language: string): string {
  const value = nanos / 1e9
  const size = Math.abs(value)
  const digits = size === 0 || size >= 1 ? 2 : size >= 0.01 ? 4 : 6
  const options = { minimumFractionDigits: 2, maximumFractionDigits: digits }
  try {
    return new Intl.NumberFormat(language, { style: 'currency', currency, ...options }).format(
      value,
    )
  } catch {
    // A currency that no standard knows keeps its name.
    return `${new Intl.NumberFormat(language, options).format(value)} ${currency}`
  }
}

/** Sums of several currencies, which nobody may add up: `$1.20 + €0.30`. */
export function moneys(costs: Record<string, number>, language: string): string {
  return Object.entries(costs)
    .filter(([, nanos]) => nanos !== 0)
    .map(([currency, nanos]) => money(nanos, currency, language))
    .join(' + ')
}
