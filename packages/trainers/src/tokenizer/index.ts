export { type ChatTokenizer, loadChatTokenizer, makeChatTokenizer } from "./chat-tokenizer.ts"
export type { TextStream } from "./text-stream.ts"
