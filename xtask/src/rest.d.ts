
/** Loads the part of the engine that the opening page does without, before it is called. */
export function load_rest(): Promise<WebAssembly.Module>;
/** Hands over that part where it is compiled already. */
export function give_rest(module: WebAssembly.Module): void;
