//! The engine in two parts: what the page needs to open, and the rest, which is loaded when it is first called.
//!
//! ```text
//! whole.wasm ─ split → first.wasm   memory, data, table, and the functions that the opening page calls
//!                      rest.wasm    all other functions; imports the memory, table and functions of the first
//! ```
//!
//! In the first part, each deferred function that can be reached from it is a stub: it asks JavaScript to load the rest,
//! unless that is there, and then jumps through a slot of the table that the rest has filled. Nothing else differs from
//! the whole: the same code at the same addresses, so the same numbers.

use std::collections::HashSet;

use anyhow::{Context, Result};
use walrus::ir::Value;
use walrus::{
    ConstExpr, Data, Element, ElementItems, ElementKind, Export, ExportItem, Function,
    FunctionBuilder, FunctionId, FunctionKind, Global, GlobalId, GlobalKind, ImportKind,
    ImportedFunction, Module, ModuleConfig, TableId, ValType, passes,
};

/// The module of the imports that the rest has, and the function through which the first part asks for it.
const FIRST: &str = "first";
const REST: (&str, &str) = ("./descent_rest.js", "load");
/// How the names of marks begin.
const CALLED: &str = "called ";
/// The name of the first part's table of functions.
const TABLE: &str = "table";

/// The functions that the page calls while it opens and runs its first problem, a name a line, as `cargo xtask opening`
/// found them. All others are deferred.
const OPENING: &str = include_str!("opening.txt");
/// A function of fewer instructions is no longer than its stub.
const SMALL: u64 = 24;

/// The two parts of `whole`, a module with names.
pub fn split(whole: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut first = parse(whole)?;
    let opening: HashSet<&str> = OPENING.lines().collect();
    let deferred: Vec<FunctionId> = first
        .funcs
        .iter_local()
        .filter(|(_, body)| body.size() >= SMALL)
        .map(|(id, _)| id)
        .filter(|&id| name_of(&first, id).is_some_and(|name| !opening.contains(name.as_str())))
        .collect();
    // What only the deferred functions call goes with them: it falls out when their bodies do.
    for &id in &deferred {
        let (params, results) = signature(&first, id);
        let mut body = FunctionBuilder::new(&mut first.types, &params, &results);
        body.func_body().unreachable();
        let args = params.iter().map(|&ty| first.locals.add(ty)).collect();
        first.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(args));
    }
    passes::gc::run(&mut first);
    let mut kept = Kept {
        functions: first.funcs.iter().map(|f| f.id().index()).collect(),
        globals: first.globals.iter().map(|g| g.id().index()).collect(),
    };
    let reached: Vec<FunctionId> = deferred
        .into_iter()
        .filter(|id| kept.functions.contains(&id.index()))
        .collect();
    let table = function_table(&first)?;
    let base = first.tables.get(table).initial;
    fill_stubs(&mut first, &reached, table, base);

    for id in &reached {
        kept.functions.remove(&id.index());
    }
    let (rest, wanted) = rest(whole, &kept, &reached, base)?;
    for (index, name) in wanted.functions {
        let function = first.funcs.iter().find(|f| f.id().index() == index);
        let function = function
            .context("a function that the rest wants is gone")?
            .id();
        first.exports.add(&name, function);
    }
    for (index, name) in wanted.globals {
        let global = first.globals.iter().find(|g| g.id().index() == index);
        let global = global.context("a global that the rest wants is gone")?.id();
        first.exports.add(&name, global);
    }
    first.exports.add(TABLE, table);
    Ok((first.emit_wasm(), rest))
}

/// A copy of `whole` in which each function marks that it was called: it exports a global of its name that is 1 from then
/// on.
pub fn marked(whole: &[u8]) -> Result<Vec<u8>> {
    let mut module = parse(whole)?;
    let named: Vec<(FunctionId, String)> = module
        .funcs
        .iter_local()
        .filter_map(|(id, _)| Some((id, name_of(&module, id)?)))
        .collect();
    for (id, name) in named {
        let zero = ConstExpr::Value(Value::I32(0));
        let called = module.globals.add_local(ValType::I32, true, false, zero);
        // Several functions may have one name.
        let export = format!("{CALLED}{} {name}", id.index());
        module.exports.add(&export, called);
        if let FunctionKind::Local(body) = &mut module.funcs.get_mut(id).kind {
            body.builder_mut()
                .func_body()
                .const_at(0, Value::I32(1))
                .global_set_at(1, called);
        }
    }
    Ok(module.emit_wasm())
}

fn name_of(module: &Module, id: FunctionId) -> Option<String> {
    module.funcs.get(id).name.as_deref().map(without_hashes)
}

/// `descent[0123456789abcdef]::nn` is `descent::nn`: the hash of a crate changes with its version and compiler.
fn without_hashes(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once(']') {
            Some((hash, after))
                if hash.len() > 8 && hash.bytes().all(|c| c.is_ascii_hexdigit()) =>
            {
                rest = after;
            }
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain + rest
}

fn parse(wasm: &[u8]) -> Result<Module> {
    ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(wasm)
        .context("the engine cannot be read")
}

fn signature(module: &Module, id: FunctionId) -> (Vec<ValType>, Vec<ValType>) {
    let ty = module.types.get(module.funcs.get(id).ty());
    (ty.params().to_vec(), ty.results().to_vec())
}

fn function_table(module: &Module) -> Result<TableId> {
    module
        .tables
        .main_function_table()?
        .context("the engine has no table of functions")
}

/// Gives the `reached` functions bodies that load the rest and jump to it, through slots of the table from `base` on.
fn fill_stubs(first: &mut Module, reached: &[FunctionId], table: TableId, base: u64) {
    let nothing = first.types.add(&[], &[]);
    let (load, _) = first.add_import_func(REST.0, REST.1, nothing);
    let zero = ConstExpr::Value(Value::I32(0));
    let loaded = first.globals.add_local(ValType::I32, true, false, zero);
    for (slot, &id) in (base..).zip(reached) {
        let (params, results) = signature(first, id);
        let ty = first.funcs.get(id).ty();
        let mut stub = FunctionBuilder::new(&mut first.types, &params, &results);
        let args: Vec<_> = params.iter().map(|&ty| first.locals.add(ty)).collect();
        let mut body = stub.func_body();
        body.global_get(loaded).if_else(
            None,
            |_| {},
            |absent| {
                absent.call(load).i32_const(1).global_set(loaded);
            },
        );
        for &arg in &args {
            body.local_get(arg);
        }
        body.i32_const(i32::try_from(slot).unwrap_or(i32::MAX))
            .call_indirect(ty, table);
        first.funcs.get_mut(id).kind = FunctionKind::Local(stub.local_func(args));
    }
    let slots = first.tables.get_mut(table);
    slots.initial += reached.len() as u64;
    slots.maximum = slots.maximum.map(|most| most + reached.len() as u64);
}

/// The rest: all but the functions that the first part has `kept`, and a segment that puts the `reached` ones into the table. What it imports
/// of the first part is told by position there and name.
fn rest(whole: &[u8], kept: &Kept, reached: &[FunctionId], base: u64) -> Result<(Vec<u8>, Wanted)> {
    let mut rest = parse(whole)?;
    rest.start = None;
    let named = |export: &Export| match export.item {
        ExportItem::Table(id) => Some((id, export.name.clone())),
        _ => None,
    };
    let tables: Vec<_> = rest.exports.iter().filter_map(named).collect();
    for id in ids(rest.exports.iter().map(Export::id)) {
        rest.exports.delete(id);
    }
    for memory in rest.memories.iter_mut() {
        memory.data_segments.clear();
        memory.import = Some(rest.imports.add(FIRST, "memory", memory.id()));
    }
    for id in ids(rest.data.iter().map(Data::id)) {
        rest.data.delete(id);
    }
    for id in ids(rest.elements.iter().map(Element::id)) {
        rest.elements.delete(id);
    }
    let table = function_table(&rest)?;
    for others in rest.tables.iter_mut() {
        others.elem_segments.clear();
    }
    let slots = rest.tables.get_mut(table);
    slots.maximum = None;
    slots.import = Some(rest.imports.add(FIRST, TABLE, table));
    // Values of JavaScript stand in a table of their own, which both parts share.
    for (values, name) in tables.into_iter().filter(|(id, _)| *id != table) {
        let import = rest.imports.add(FIRST, &name, values);
        let values = rest.tables.get_mut(values);
        values.maximum = None;
        values.import = Some(import);
    }

    let taken = |id: &FunctionId| kept.functions.contains(&id.index());
    for id in ids(rest.funcs.iter_local().map(|(id, _)| id).filter(taken)) {
        let ty = rest.funcs.get(id).ty();
        let import = rest.imports.add(FIRST, &format!("f{}", id.index()), id);
        rest.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    let taken = |id: &GlobalId| kept.globals.contains(&id.index());
    for id in ids(rest.globals.iter().map(Global::id).filter(taken)) {
        let import = rest.imports.add(FIRST, &format!("g{}", id.index()), id);
        rest.globals.get_mut(id).kind = GlobalKind::Import(import);
    }
    let at = |index| {
        rest.funcs
            .iter()
            .map(Function::id)
            .find(|id| id.index() == index)
    };
    let functions: Option<Vec<_>> = reached.iter().map(|id| at(id.index())).collect();
    let functions = functions.context("a deferred function is gone")?;
    let offset = ConstExpr::Value(Value::I32(i32::try_from(base)?));
    let kind = ElementKind::Active { table, offset };
    let segment = rest.elements.add(kind, ElementItems::Functions(functions));
    rest.tables.get_mut(table).elem_segments.insert(segment);
    passes::gc::run(&mut rest);

    let mut wanted = Wanted::default();
    for import in rest.imports.iter().filter(|import| import.module == FIRST) {
        match import.kind {
            ImportKind::Function(id) => wanted.functions.push((id.index(), import.name.clone())),
            ImportKind::Global(id) => wanted.globals.push((id.index(), import.name.clone())),
            _ => {}
        }
    }
    Ok((rest.emit_wasm(), wanted))
}

/// What the first part has, by position.
struct Kept {
    functions: HashSet<usize>,
    globals: HashSet<usize>,
}

/// Positions in the first part, and the names under which the rest imports them.
#[derive(Default)]
struct Wanted {
    functions: Vec<(usize, String)>,
    globals: Vec<(usize, String)>,
}

/// A list of its own, so that what was listed may be changed.
fn ids<T>(of: impl Iterator<Item = T>) -> Vec<T> {
    of.collect()
}
