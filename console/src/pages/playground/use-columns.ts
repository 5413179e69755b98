import type { Chat, ChatSettings } from './use-chat'
import { useChat } from './use-chat'

export interface Column {
  model: string
  chat: Chat
}

/**
 * One conversation for each model, side by side. There are always as many hooks as there can be
 * models; those without one rest.
 */
export function useColumns(
  projectId: string,
  models: readonly string[],
  settings: ChatSettings,
): Column[] {
  const first = useChat(projectId, models[0] ?? '', settings, 0)
  const second = useChat(projectId, models[1] ?? '', settings, 1)
  const third = useChat(projectId, models[2] ?? '', settings, 2)
  const fourth = useChat(projectId, models[3] ?? '', settings, 3)
  const chats = [first, second, third, fourth]
  return models.flatMap((model, place) => {
    const chat = chats[place]
    return chat ? [{ model, chat }] : []
  })
}

/** All conversations as one: what is asked, stopped or cleared, is so in each of them. */
export function together(columns: readonly Column[]): Chat {
  const chats = columns.map(({ chat }) => chat)
  return {
    turns: chats.flatMap(({ turns }) => turns),
    streaming: chats.some(({ streaming }) => streaming),
    ask: (question, images) => {
      for (const chat of chats) chat.ask(question, images)
    },
    again: () => {
      for (const chat of chats) chat.again()
    },
    stop: () => {
      for (const chat of chats) chat.stop()
    },
    clear: () => {
      for (const chat of chats) chat.clear()
    },
  }
}
