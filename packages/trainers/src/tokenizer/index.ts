export type { ChatTemplateOptions } from "./chat-template.ts"
export { type ChatTokenizer, makeChatTokenizer } from "./chat-tokenizer.ts"
export { loadChatTokenizer } from "./load-chat-tokenizer.ts"
export type { TextStream } from "./text-stream.ts"
