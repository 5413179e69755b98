/** The state of a playground conversation, as a reducer: what is said, streamed, failed, kept. */
import type { ChatMessage, ChatProgress, Part } from '@/api/chat'
import type { ApiError } from '@/api/problem'

export interface Turn {
  id: number
  question: string
  /** Pictures that belong to the question, as `data:` addresses. */
  images?: string[]
  model: string
  answer: ChatProgress | null
  state: 'streaming' | 'done' | 'stopped' | 'failed'
  error: ApiError | null
}

export interface Conversation {
  turns: Turn[]
}

export type Action =
  | { type: 'ask'; id: number; question: string; model: string; images?: string[] }
  | { type: 'progress'; id: number; answer: ChatProgress }
  | { type: 'done'; id: number; answer: ChatProgress }
  | { type: 'stopped'; id: number }
  | { type: 'failed'; id: number; error: ApiError }
  | { type: 'drop'; id: number }
  | { type: 'clear' }

export const EMPTY: Conversation = { turns: [] }

export function converse(state: Conversation, action: Action): Conversation {
  switch (action.type) {
    case 'ask': {
      const { id, question, model, images = [] } = action
      const turn: Turn = {
        id,
        question,
        ...(images.length > 0 ? { images } : {}),
        model,
        answer: null,
        state: 'streaming',
        error: null,
      }
      return { turns: [...state.turns, turn] }
    }
    case 'drop':
      return { turns: state.turns.filter(({ id }) => id !== action.id) }
    case 'clear':
      return EMPTY
    default:
      return {
        turns: state.turns.map((turn) => (turn.id === action.id ? changed(turn, action) : turn)),
      }
  }
}

type TurnAction = Extract<Action, { type: 'progress' | 'done' | 'stopped' | 'failed' }>

function changed(turn: Turn, action: TurnAction): Turn {
  switch (action.type) {
    case 'progress':
      return { ...turn, answer: action.answer }
    case 'done':
      return { ...turn, answer: action.answer, state: 'done' }
    case 'stopped':
      return { ...turn, state: 'stopped' }
    case 'failed':
      return { ...turn, state: 'failed', error: action.error }
  }
}

/** A question as a message: in parts where pictures belong to it. */
export function asked(question: string, images: readonly string[] = []): ChatMessage {
  if (images.length === 0) return { role: 'user', content: question }
  const pictures = images.map((url): Part => ({ type: 'image_url', image_url: { url } }))
  return { role: 'user', content: [{ type: 'text', text: question }, ...pictures] }
}

/** What the model is told: the system prompt, then every exchange that got an answer. */
export function messagesOf(turns: Turn[], system: string): ChatMessage[] {
  const exchanges = turns.flatMap<ChatMessage>((turn) => {
    const user = asked(turn.question, turn.images)
    if (turn.state === 'failed') return []
    return turn.answer?.text ? [user, { role: 'assistant', content: turn.answer.text }] : [user]
  })
  return system.trim() ? [{ role: 'system', content: system.trim() }, ...exchanges] : exchanges
}

/** What is kept over a reload or a new sign-in: a stream cannot be resumed, so it counts as stopped. */
export function restored(conversation: Conversation): Conversation {
  return {
    turns: conversation.turns
      .filter((turn) => turn.state !== 'failed')
      .map((turn) => (turn.state === 'streaming' ? { ...turn, state: 'stopped' } : turn)),
  }
}
