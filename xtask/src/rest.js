
/** The rest of the engine, compiled, once it is here. @type {WebAssembly.Module | undefined} */
let rest;
const restAt = () => new URL('descent_rest.wasm', import.meta.url);

export async function load_rest() {
    rest ??= await compiled(await fetch(restAt()));
    return rest;
}

/** Some servers do not know the type of the file. @param {Response} answer */
async function compiled(answer) {
    if (!answer.ok) throw new Error(`the rest of the engine cannot be loaded (${answer.status})`);
    if (answer.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(answer);
    return WebAssembly.compile(await answer.arrayBuffer());
}

export function give_rest(module) {
    rest = module;
}

/** Called by the first part when it first needs the rest. Where that was not loaded before, it is waited for. */
function joinRest() {
    rest ??= new WebAssembly.Module(readNow(restAt()));
    new WebAssembly.Instance(rest, { first: wasm, ...__wbg_get_imports() });
}

/** The bytes of a file, without giving way to anything else: a call into the engine cannot be left half done. */
function readNow(url) {
    const request = new XMLHttpRequest();
    request.open('GET', url, false);
    request.overrideMimeType('text/plain; charset=x-user-defined');
    request.send();
    if (request.status !== 200) throw new Error(`the rest of the engine cannot be loaded (${request.status})`);
    return Uint8Array.from(request.responseText, (c) => c.charCodeAt(0) & 0xff);
}
