/** Whatever pages show as code has to work: commands and methods are looked up where they are. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'vite'
import { describe, expect, it } from 'vitest'
import en from '@/i18n/locales/en.json'
import zh from '@/i18n/locales/zh.json'

const CONSOLE = join(import.meta.dirname, '..', '..')
const PAGES = join(CONSOLE, 'src', 'pages')
const SDK = join(CONSOLE, '..', 'sdk', 'python', 'src', 'mainspring_sdk', 'resources')
const CLI = join(CONSOLE, '..', 'docs', 'en', 'reference', 'cli.md')

/** Pages without a menu of their own, and why. */
const WITHOUT: Record<string, string> = {
  explorer: 'is itself about requests as programs make them',
  playground: 'shows its calls to the gateway as programs by a dialogue of its own',
  invite: 'comes before one has signed in',
  login: 'comes before one has signed in',
  setup: 'comes before one has signed in',
  'not-found': 'shows nothing',
}

interface Method {
  path: string
  gives: 'value' | 'page' | 'download'
}

/** The methods of the Python client by how a caller spells them. */
function sdkMethods(): Map<string, Method> {
  const classes = new Map<string, { parts: [string, string][]; methods: [string, Method][] }>()
  for (const file of readdirSync(SDK).filter((name) => name.endsWith('.py'))) {
    const text = readFileSync(join(SDK, file), 'utf8')
    for (const source of text.split(/^(?=class )/m).slice(1)) {
      const name = /^class (\w+)/.exec(source)?.[1] ?? ''
      const methods = source.split(/^ {4}def (?=\w)/m).flatMap((one): [string, Method][] => {
        const [, method = '', answer = ''] = /^(\w+)\([\s\S]*?\) -> ([^\n]+):\n/.exec(one) ?? []
        const [, verb, path] = /``([A-Z]+) \/api\/v1(\S*?)``/.exec(one) ?? []
        if (!method || path === undefined) return []
        const gives = answer.startsWith('Page[')
          ? 'page'
          : answer === 'Download'
            ? 'download'
            : 'value'
        return [[method, { path: `${verb} ${path.replaceAll(/\{\w+\}/g, '{}')}`, gives }]]
      })
      const parts = [...source.matchAll(/^ {8}self\.(\w+) = (\w+Resource)\(/gm)].map(
        ([, part = '', of = '']): [string, string] => [part, of],
      )
      classes.set(name, { parts, methods })
    }
  }
  const found = new Map<string, Method>()
  const walk = (name: string, prefix: string) => {
    const { parts, methods } = classes.get(name) ?? { parts: [], methods: [] }
    for (const [method, what] of methods) found.set(prefix + method, what)
    for (const [part, of] of parts) walk(of, `${prefix}${part}.`)
  }
  walk('Resources', '')
  return found
}

/** The options of each command, from the generated reference; groups of commands are left out. */
function cliCommands(): Map<string, Set<string>> {
  const sections = readFileSync(CLI, 'utf8').split(/^## /m)
  return new Map(
    sections.flatMap((section): [string, Set<string>][] => {
      const name = /^mainspring ([\w -]+?) \{/.exec(section)?.[1]
      const usage = /^mainspring [\w -]+ \[OPTIONS\]/m.test(section)
      const options = [...section.matchAll(/`(--?[a-z][\w-]*)`/g)].map(([, one = '']) => one)
      return name && usage ? [[name, new Set(options)]] : []
    }),
  )
}

interface Node {
  type: string
  start: number
  [key: string]: unknown
}

/** All texts written within a node, in their order; what is put in for values is `…`. */
function texts(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(texts)
  if (typeof node !== 'object' || node === null) return []
  const { type, value, quasis, expressions } = node as Node
  if (type === 'Literal') return typeof value === 'string' ? [value] : []
  if (type === 'TemplateLiteral') {
    const whole = (quasis as { value: { cooked: string } }[]).map((one) => one.value.cooked)
    return [whole.join('…'), ...texts(expressions)]
  }
  return Object.entries(node).flatMap(([key, inner]) => (key === 'parent' ? [] : texts(inner)))
}

interface Use {
  where: string
  parts: Map<string, Node>
}

/** Every request that a page shows as code, and every text that begins like a command. */
function uses(): { requests: Use[]; commands: [string, string][] } {
  const requests: Use[] = []
  const commands: [string, string][] = []
  for (const file of readdirSync(PAGES, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /\.test\./.test(file)) continue
    const source = readFileSync(join(PAGES, file), 'utf8')
    if (!/AsCode|ApiRequest|asCommand/.test(source)) continue
    const { program } = parseSync(file, source)
    new Visitor({
      ObjectExpression(node) {
        const parts = new Map<string, Node>()
        for (const one of node.properties) {
          if (one.type === 'Property' && one.key.type === 'Identifier') {
            parts.set(one.key.name, one.value as unknown as Node)
          }
        }
        const line = source.slice(0, node.start).split('\n').length
        if (parts.has('method') && parts.has('path')) {
          requests.push({ where: `${file}:${line}`, parts })
        }
      },
      Literal(node) {
        if (typeof node.value === 'string' && node.value.startsWith('mainspring ')) {
          commands.push([file, node.value])
        }
      },
      TemplateLiteral(node) {
        const [text = ''] = texts(node)
        if (text.startsWith('mainspring ')) commands.push([file, text])
      },
    }).visit(program)
  }
  return { requests, commands }
}

const METHODS = sdkMethods()
const COMMANDS = cliCommands()
const { requests: REQUESTS, commands: WRITTEN } = uses()

/** Returns what is wrong with a command line, or nothing. */
function fault(line: string): string | null {
  const words = line
    .replace(/^mainspring /, '')
    .replaceAll('…', ' … ')
    .split(/[\s']+/)
  const plain = words.slice(0, words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word)) >>> 0)
  const name = [2, 1].map((n) => plain.slice(0, n).join(' ')).find((one) => COMMANDS.has(one))
  const options = COMMANDS.get(name ?? '')
  if (!options) return `no command: ${line}`
  const unknown = words.filter((word) => /^--?[a-z]/.test(word) && !options.has(word))
  return unknown.length > 0 ? `${name} knows no ${unknown.join(', ')}` : null
}

/** The commands of one `cli`, each with all the options that it may get. */
const linesOf = (cli: Node) =>
  texts(cli)
    .join(' ')
    .split(/(?=mainspring )/)
    .filter((line) => line.startsWith('mainspring '))

describe('what pages show as code', () => {
  it('is found, and so is what it is compared with', () => {
    expect(METHODS.get('projects.keys.list')).toEqual({
      path: 'GET /projects/{}/keys',
      gives: 'page',
    })
    expect(METHODS.size).toBeGreaterThan(200)
    expect(COMMANDS.get('audit list')).toContain('--actor')
    expect(COMMANDS.has('audit')).toBe(false)
    expect(REQUESTS.length).toBeGreaterThan(40)
    expect(WRITTEN.length).toBeGreaterThan(35)
  })

  it('is on every page', () => {
    const silent = readdirSync(PAGES).filter(
      (page) =>
        !readdirSync(join(PAGES, page))
          .filter((file) => file.endsWith('Page.tsx'))
          .every((file) => readFileSync(join(PAGES, page, file), 'utf8').includes('<AsCode')),
    )
    expect(silent.toSorted()).toEqual(Object.keys(WITHOUT).toSorted())
  })

  it.each(REQUESTS.map(({ where, parts }) => [where, parts] as const))(
    '%s names a method of the client and a command, or says why there is none',
    (_, parts) => {
      const names = texts(parts.get('sdk')).filter((name) => name.includes('.'))
      expect(names).not.toEqual([])
      const gives = texts(parts.get('gives'))[0]
      const paths = texts(parts.get('path')).filter((path) => path.startsWith('/'))
      for (const name of names) {
        const method = METHODS.get(name)
        expect(method, name).toBeDefined()
        expect(gives ?? (name.endsWith('.list') ? 'page' : 'value'), name).toBe(method?.gives)
        if (paths.length === 0) continue // a path that a function makes
        expect(paths.map((path) => `GET ${path.replaceAll('…', '{}')}`)).toContain(method?.path)
      }
      const cli = parts.get('cli')
      expect(cli).toBeDefined()
      if (cli) expect(linesOf(cli).map(fault).filter(Boolean)).toEqual([])
    },
  )

  it('names no command that there is not', () => {
    const wrong = WRITTEN.flatMap(([, line]) => fault(line) ?? [])
    expect(wrong).toEqual([])
    expect(fault('mainspring backup FILE')).toBe('no command: mainspring backup FILE')
    expect(fault('mainspring audit list --whom')).toBe('audit list knows no --whom')
  })

  it.each([
    ['en', en],
    ['zh', zh],
  ])('gives reasons in %s that name commands which are there', (_, locale) => {
    for (const reason of Object.values(locale.asCode.noCommand)) {
      for (const [, line = ''] of reason.matchAll(/'(mainspring [^']+)'/g)) {
        expect(fault(line)).toBeNull()
      }
    }
  })
})
