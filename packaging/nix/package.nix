{
  lib,
  stdenv,
  buildPackages,
  rustPlatform,
  installShellFiles,
}:

let
  root = ../..;
  manifest = (lib.importTOML (root + "/Cargo.toml")).package;
in
rustPlatform.buildRustPackage {
  pname = manifest.name;
  inherit (manifest) version;

  src = lib.cleanSource root;
  cargoLock.lockFile = root + "/Cargo.lock";

  nativeBuildInputs = [ installShellFiles ];

  # The other suites need a terminal, and more time than a package build should take.
  cargoTestFlags = [ "--lib" ];

  # The program writes its own manual page and completions. When it cannot run on the machine that builds, they are left out.
  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    ${buildPackages.bash}/bin/bash packaging/assets $out/bin/frontpage assets
    installManPage assets/man/frontpage.1
    installShellCompletion --cmd frontpage \
      --bash assets/completions/frontpage.bash \
      --zsh assets/completions/_frontpage \
      --fish assets/completions/frontpage.fish
  '';

  meta = {
    inherit (manifest) description;
    license = with lib.licenses; [
      mit
      asl20
    ];
    mainProgram = "frontpage";
    platforms = lib.platforms.unix;
  };
}
