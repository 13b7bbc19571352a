//! How do the modules become files that JavaScript can load? cargo → wasm-bindgen → wasm-opt, into `pkg/`.
//!
//! wasm-bindgen is linked as a library of the version that `Cargo.lock` pins, so the glue and the module can never be of
//! different versions, and nothing has to be installed by hand. wasm-opt comes from the npm package `binaryen`.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus};
use wasm_bindgen_cli_support::Bindgen;

/// The modules, each in `wasm/<name>` and the package `marquetry-<name>`. Said on the command line, only these are built.
const MODULES: [&str; 3] = ["engine", "exchange", "workbook"];

const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc's default features for the target may use, so that wasm-opt accepts and keeps it. No relaxed SIMD.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Small as it travels, compressed: a function that is called once stays where it is. Moved into its caller it saves bytes
/// of the file and costs more in brotli, which knows locals best by low numbers (measured: −7 % kept apart).
const SMALL: [&str; 2] = ["-Oz", "--one-caller-inline-max-function-size=0"];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask has no parent folder")?;
    let out = root.join("pkg");
    let wanted: Vec<String> = env::args().skip(1).collect();
    // One module is made smaller while the next compiles: both take their time on one core.
    let mut smaller = Vec::new();
    for name in MODULES.iter().filter(|name| wanted.is_empty() || wanted.iter().any(|wanted| wanted == *name)) {
        let compiled = compile(root, name)?;
        Bindgen::new()
            .input_path(compiled)
            .out_name(name)
            .web(true)?
            .typescript(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(&out)?;
        let from = out.join(format!("{name}_bg.wasm"));
        smaller.push((optimise(root, &from, &out.join(format!("{name}.wasm")))?, from));
    }
    for (mut started, from) in smaller {
        succeeded("wasm-opt", started.wait()?)?;
        std::fs::remove_file(from)?;
    }
    Ok(())
}

/// Compiles one module, by itself, so that no other lends it features; gives its path.
fn compile(root: &Path, name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let package = format!("marquetry-{name}");
    let args = ["build", "--release", "--package", &package, "--lib", "--target", TARGET];
    succeeded("cargo", start(Command::new(cargo).current_dir(root).args(args))?.wait()?)?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join(TARGET).join("release").join(format!("marquetry_{name}.wasm")))
}

/// Starts wasm-opt.
fn optimise(root: &Path, from: &Path, to: &Path) -> Result<Child, Box<dyn Error>> {
    let wasm_opt = root.join("node_modules/binaryen/bin/wasm-opt");
    if !wasm_opt.exists() {
        return Err("node_modules/binaryen is missing; run `npm ci` first".into());
    }
    start(Command::new("node").arg(wasm_opt).args(SMALL).args(FEATURES).arg(from).arg("-o").arg(to))
}

fn start(command: &mut Command) -> Result<Child, Box<dyn Error>> {
    Ok(command.spawn().map_err(|error| format!("cannot run {:?}: {error}", command.get_program()))?)
}

fn succeeded(program: &str, status: ExitStatus) -> Result<(), Box<dyn Error>> {
    if status.success() { Ok(()) } else { Err(format!("{program} ended with {status}").into()) }
}
