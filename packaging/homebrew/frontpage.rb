# OWNER and the checksum are placeholders; see packaging/README.md.
class Frontpage < Formula
  desc "Terminal reader for feeds and for folders of Markdown articles"
  homepage "https://github.com/OWNER/frontpage"
  url "https://github.com/OWNER/frontpage/archive/refs/tags/v0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license any_of: ["MIT", "Apache-2.0"]
  head "https://github.com/OWNER/frontpage.git", branch: "main"

  depends_on "rust" => :build

  def install
    system "cargo", "install", *std_cargo_args
    (man1/"frontpage.1").write Utils.safe_popen_read(bin/"frontpage", "man")
    generate_completions_from_executable(bin/"frontpage", "completions")
  end

  test do
    (testpath/"articles/first.md").write <<~MARKDOWN
      ---
      title: "A first article"
      date: 2026-01-02
      ---
      Some text.
    MARKDOWN
    assert_match version.to_s, shell_output("#{bin}/frontpage --version")
    assert_match "A first article", shell_output("#{bin}/frontpage --library articles list")
    assert_match "A first article", shell_output("#{bin}/frontpage --library articles screen --size 100x30")
  end
end
