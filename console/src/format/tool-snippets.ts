/** How the tools that people use are pointed at this gateway. */
import { chatSnippet, shellQuote } from './snippets'

export const TOOLS = [
  'curl',
  'openai-python',
  'openai-node',
  'anthropic',
  'langchain',
  'claude-code',
  'cursor',
] as const

export type Tool = (typeof TOOLS)[number]

export interface ToolSetup {
  gatewayUrl: string
  model: string
  /** Shown once, in the line that sets the key; without it a placeholder stands there. */
  secret?: string | undefined
  question: string
}

const origin = (gatewayUrl: string) => gatewayUrl.replace(/\/+$/, '')

/** The line that sets the key as every snippet but those of editors reads it. */
export function keyLine({ secret }: Pick<ToolSetup, 'secret'>): string {
  return `export MAINSPRING_API_KEY=${secret === undefined ? '"msk-…"' : shellQuote(secret)}`
}

function anthropic({ gatewayUrl, model, question }: ToolSetup): string {
  return [
    'import os',
    '',
    'from anthropic import Anthropic',
    '',
    'client = Anthropic(',
    `    base_url=${JSON.stringify(origin(gatewayUrl))},`,
    '    api_key=os.environ["MAINSPRING_API_KEY"],',
    ')',
    'message = client.messages.create(',
    `    model=${JSON.stringify(model)},`,
    '    max_tokens=256,',
    `    messages=[{"role": "user", "content": ${JSON.stringify(question)}}],`,
    ')',
    'print(message.content[0].text)',
  ].join('\n')
}

function langchain({ gatewayUrl, model, question }: ToolSetup): string {
  return [
    'import os',
    '',
    'from langchain_openai import ChatOpenAI',
    '',
    'llm = ChatOpenAI(',
    `    model=${JSON.stringify(model)},`,
    `    base_url=${JSON.stringify(`${origin(gatewayUrl)}/v1`)},`,
    '    api_key=os.environ["MAINSPRING_API_KEY"],',
    ')',
    `print(llm.invoke(${JSON.stringify(question)}).content)`,
  ].join('\n')
}

function claudeCode({ gatewayUrl, model }: ToolSetup): string {
  return [
    `export ANTHROPIC_BASE_URL=${shellQuote(origin(gatewayUrl))}`,
    'export ANTHROPIC_AUTH_TOKEN="$MAINSPRING_API_KEY"',
    `export ANTHROPIC_MODEL=${shellQuote(model)}`,
    'claude',
  ].join('\n')
}

/** Cursor is set up by hand: these are the values of its settings. */
function cursor({ gatewayUrl, model, secret }: ToolSetup): string {
  return [
    'Settings → Models → API Keys',
    '',
    `OpenAI API Key            ${secret ?? 'msk-…'}`,
    `Override OpenAI Base URL  ${origin(gatewayUrl)}/v1`,
    `Add model                 ${model}`,
  ].join('\n')
}

/** The set-up of one tool; those that read the environment begin with the key. */
export function toolSnippet(tool: Tool, setup: ToolSetup): string {
  const chat = {
    gatewayUrl: setup.gatewayUrl,
    model: setup.model,
    messages: [{ role: 'user', content: setup.question }],
  }
  switch (tool) {
    case 'curl':
      return `${keyLine(setup)}\n${chatSnippet('curl', { ...chat, stream: true })}`
    case 'openai-python':
      return chatSnippet('python', { ...chat, stream: false })
    case 'openai-node':
      return chatSnippet('node', { ...chat, stream: false })
    case 'anthropic':
      return anthropic(setup)
    case 'langchain':
      return langchain(setup)
    case 'claude-code':
      return `${keyLine(setup)}\n${claudeCode(setup)}`
    case 'cursor':
      return cursor(setup)
  }
}

/** Whether the key line has to be shown beside the snippet. */
export function needsKeyLine(tool: Tool): boolean {
  return tool !== 'curl' && tool !== 'claude-code' && tool !== 'cursor'
}
