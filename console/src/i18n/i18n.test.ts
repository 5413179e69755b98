import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'vite'
import { describe, expect, it } from 'vitest'
import { preferredLanguage } from '.'
import en from './locales/en.json'
import zh from './locales/zh.json'

type Texts = { [key: string]: string | Texts }

function flat(texts: Texts, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  )
}

const PLURAL = /_(zero|one|two|few|many|other)$/

/** Keys without the plural forms, which differ by language. */
const keys = (texts: Texts) => new Set(flat(texts).map(([key]) => key.replace(PLURAL, '')))

describe('the languages', () => {
  it('have the same keys', () => {
    expect([...keys(zh)].toSorted()).toEqual([...keys(en)].toSorted())
  })

  it.each([
    ['en', en],
    ['zh', zh],
  ])('%s has every plural form that the language knows', (language, texts) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const found = new Set(flat(texts as Texts).map(([key]) => key))
    const counted = [...found]
      .filter((key) => PLURAL.test(key))
      .map((key) => key.replace(PLURAL, ''))
    for (const key of counted) {
      for (const form of forms) expect(found).toContain(`${key}_${form}`)
    }
  })

  it('use the same values and tags in each text', () => {
    const marks = (text: string) =>
      [...text.matchAll(/\{\{\w+\}\}|<\/?\w+>/g)].map(String).toSorted()
    const english = new Map(flat(en))
    for (const [key, text] of flat(zh)) {
      expect([key, marks(text)]).toEqual([key, marks(english.get(key) ?? '')])
    }
  })

  it('leave no text empty', () => {
    expect([...flat(en), ...flat(zh)].filter(([, text]) => text.trim() === '')).toEqual([])
  })
})

const SOURCE = join(import.meta.dirname, '..')
const FILES = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.tsx') && !name.includes('.test.'),
)

/** Properties whose words a person sees or hears. */
const SPOKEN = new Set([
  'alt',
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'content',
  'description',
  'heading',
  'hint',
  'label',
  'placeholder',
  'title',
])

const WORDS = /\p{L}/u

/** Texts written into the components of a file, where only keys of the locales may stand. */
function literals(file: string, code: string): string[] {
  const found: string[] = []
  const { program, errors } = parseSync(file, code)
  expect(errors).toEqual([])
  new Visitor({
    JSXText({ value }) {
      if (WORDS.test(value)) found.push(value.trim())
    },
    JSXAttribute({ name, value }) {
      if (name.type !== 'JSXIdentifier' || !SPOKEN.has(name.name) || !value) return
      const inner = value.type === 'JSXExpressionContainer' ? value.expression : value
      const text =
        inner.type === 'Literal'
          ? String(inner.value)
          : inner.type === 'TemplateLiteral'
            ? inner.quasis.map(({ value: { raw } }) => raw).join('')
            : ''
      if (WORDS.test(text)) found.push(`${name.name}: ${text}`)
    },
    JSXElement({ children }) {
      for (const child of children) {
        if (child.type !== 'JSXExpressionContainer') continue
        const { expression } = child
        if (expression.type === 'Literal' && WORDS.test(String(expression.value))) {
          found.push(String(expression.value))
        }
      }
    },
  }).visit(program)
  return found
}

describe('components', () => {
  it('are all looked at', () => {
    expect(FILES.length).toBeGreaterThan(30)
  })

  it.each(FILES)('%s speaks only through the locales', (file) => {
    expect(literals(file, readFileSync(join(SOURCE, file), 'utf8'))).toEqual([])
  })

  it('would be caught speaking by themselves', () => {
    const code = `const A = () => <p title="Tip" aria-label={'Go'} className="x">Hello {'you'} {t('k')}</p>`
    expect(literals('a.tsx', code).toSorted()).toEqual([
      'Hello',
      'aria-label: Go',
      'title: Tip',
      'you',
    ])
  })
})

describe('preferredLanguage', () => {
  it.each([
    ['zh', ['en-US'], 'zh'],
    [null, ['zh-TW', 'en'], 'zh'],
    [null, ['fr-FR', 'en-GB'], 'en'],
    [null, ['fr'], 'en'],
    ['xx', ['zh'], 'zh'],
  ] as const)('with %j stored and the browser at %j it is %s', (stored, browser, language) => {
    expect(preferredLanguage(stored, browser)).toBe(language)
  })
})
