// Fails the build when what a visitor must load for the first page grows beyond its budget: the
// entry, everything it imports at once, and the code of the home page. What is loaded later has a
// budget of its own.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 300
const FIRST_PAGES = ['index.html', 'src/app/Shell.tsx', 'src/pages/home/HomePage.tsx']
const LOCALES = ['src/i18n/locales/en.json', 'src/i18n/locales/zh.json']
// The drawings of the charts follow once the page stands; their figures are there before them.
const CHARTS_BUDGET_KB = 120
const CHARTS = 'src/pages/home/TimeChart.tsx'

const root = fileURLToPath(new URL('../../src/mainspring/app/console_static/', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}.vite/manifest.json`, 'utf8'))
const gzipKb = (file) => gzipSync(readFileSync(root + file), { level: 9 }).length / 1000

function files(names, found = new Set(), seen = new Set()) {
  for (const name of names) {
    const chunk = manifest[name]
    if (!chunk)
      throw new Error(`the build has no ${name}; is scripts/check-bundle.mjs out of date?`)
    if (seen.has(name)) continue
    seen.add(name)
    found.add(chunk.file)
    for (const sheet of chunk.css ?? []) found.add(sheet)
    files(chunk.imports ?? [], found, seen)
  }
  return found
}

const first = [...files(FIRST_PAGES)].map((file) => [file, gzipKb(file)])
// A visitor loads one language: count the larger.
const locale = Math.max(...LOCALES.map((name) => gzipKb(manifest[name].file)))
const total = first.reduce((sum, [, size]) => sum + size, locale)
const before = files(FIRST_PAGES)
const charts = [...files([CHARTS])]
  .filter((file) => !before.has(file))
  .reduce((sum, file) => sum + gzipKb(file), 0)

process.stdout.write(
  `first page: ${total.toFixed(1)} kB gzip of ${BUDGET_KB} in ${first.length + 1} files; ` +
    `charts: ${charts.toFixed(1)} of ${CHARTS_BUDGET_KB}\n`,
)
if (total > BUDGET_KB || charts > CHARTS_BUDGET_KB) {
  for (const [file, size] of first.toSorted((a, b) => b[1] - a[1])) {
    process.stderr.write(`${size.toFixed(1).padStart(8)} kB  ${file}\n`)
  }
  process.exit(1)
}
