//! Formulas: which text is one, and its form in Unicode if each of its signs has one.

/// Longest formula within a line, in bytes.
const MAX_INLINE: usize = 200;

/// True if what is between two dollars is a formula, and not prices, variables or templates.
pub fn is_formula(text: &str) -> bool {
    let has_sign = text.contains(['\\', '^', '_', '{', '=']);
    let is_letter = text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
    let has_edge = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    (has_sign || is_letter) && !has_edge && text.len() <= MAX_INLINE && !text.contains(['"', '\'', '`'])
}

/// True if what is between two double dollars, or in `\[ \]`, is a formula.
pub fn is_display_formula(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && (text.contains(['\\', '^', '_', '{', '=', '+', '<', '>'])
            || text.len() <= 3 && text.chars().all(char::is_alphanumeric))
}

/// True if what is between escaped brackets is a formula, and not prose with brackets, which are escaped as well.
pub fn is_escaped_formula(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_command = |(at, _): (usize, &str)| bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    if text.contains(['"', '\'', '`']) || text.contains("](") {
        return false;
    }
    let words = || text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
    let has_sign = text.contains(['^', '_', '{', '=', '*', '+']);
    text.match_indices('\\').any(is_command) || has_sign && words().next().is_none()
}

/// The formula as it is shown: in Unicode if all of it has a form there, else its source.
pub fn shown(source: &str) -> String {
    unicode(source).unwrap_or_else(|| source.to_owned())
}

/// Commands and their signs.
const COMMANDS: [(&str, &str); 100] = [
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("upsilon", "υ"),
    ("phi", "φ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("le", "≤"),
    ("leq", "≤"),
    ("ge", "≥"),
    ("geq", "≥"),
    ("ne", "≠"),
    ("neq", "≠"),
    ("approx", "≈"),
    ("equiv", "≡"),
    ("sim", "∼"),
    ("propto", "∝"),
    ("ll", "≪"),
    ("gg", "≫"),
    ("pm", "±"),
    ("times", "×"),
    ("div", "÷"),
    ("cdot", "·"),
    ("circ", "∘"),
    ("ast", "∗"),
    ("sum", "∑"),
    ("prod", "∏"),
    ("int", "∫"),
    ("partial", "∂"),
    ("nabla", "∇"),
    ("infty", "∞"),
    ("in", "∈"),
    ("notin", "∉"),
    ("subset", "⊂"),
    ("subseteq", "⊆"),
    ("cup", "∪"),
    ("cap", "∩"),
    ("emptyset", "∅"),
    ("forall", "∀"),
    ("exists", "∃"),
    ("neg", "¬"),
    ("land", "∧"),
    ("wedge", "∧"),
    ("lor", "∨"),
    ("vee", "∨"),
    ("to", "→"),
    ("rightarrow", "→"),
    ("leftarrow", "←"),
    ("Rightarrow", "⇒"),
    ("implies", "⇒"),
    ("Leftarrow", "⇐"),
    ("leftrightarrow", "↔"),
    ("iff", "⇔"),
    ("mapsto", "↦"),
    ("ldots", "…"),
    ("dots", "…"),
    ("cdots", "⋯"),
    ("sqrt", "√"),
    ("angle", "∠"),
    ("perp", "⊥"),
    ("parallel", "∥"),
    ("oplus", "⊕"),
    ("otimes", "⊗"),
    ("hbar", "ℏ"),
    ("ell", "ℓ"),
    ("quad", "  "),
    ("log", "log"),
    ("ln", "ln"),
    ("sin", "sin"),
    ("cos", "cos"),
    ("min", "min"),
    ("max", "max"),
];

const SUPERSCRIPTS: [(char, char); 34] = [
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('+', '⁺'),
    ('-', '⁻'),
    ('=', '⁼'),
    ('(', '⁽'),
    (')', '⁾'),
    ('n', 'ⁿ'),
    ('i', 'ⁱ'),
    ('a', 'ᵃ'),
    ('b', 'ᵇ'),
    ('c', 'ᶜ'),
    ('d', 'ᵈ'),
    ('e', 'ᵉ'),
    ('g', 'ᵍ'),
    ('h', 'ʰ'),
    ('j', 'ʲ'),
    ('k', 'ᵏ'),
    ('l', 'ˡ'),
    ('m', 'ᵐ'),
    ('o', 'ᵒ'),
    ('p', 'ᵖ'),
    ('t', 'ᵗ'),
    ('T', 'ᵀ'),
    ('x', 'ˣ'),
    ('y', 'ʸ'),
];

const SUBSCRIPTS: [(char, char); 25] = [
    ('0', '₀'),
    ('1', '₁'),
    ('2', '₂'),
    ('3', '₃'),
    ('4', '₄'),
    ('5', '₅'),
    ('6', '₆'),
    ('7', '₇'),
    ('8', '₈'),
    ('9', '₉'),
    ('+', '₊'),
    ('-', '₋'),
    ('=', '₌'),
    ('(', '₍'),
    (')', '₎'),
    ('a', 'ₐ'),
    ('e', 'ₑ'),
    ('i', 'ᵢ'),
    ('j', 'ⱼ'),
    ('k', 'ₖ'),
    ('m', 'ₘ'),
    ('n', 'ₙ'),
    ('o', 'ₒ'),
    ('t', 'ₜ'),
    ('x', 'ₓ'),
];

/// The formula in Unicode; `None` if a part of it has no form there.
fn unicode(source: &str) -> Option<String> {
    let mut out = String::with_capacity(source.len());
    let mut rest = source.trim();
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..)?;
        match c {
            '\\' => rest = command(rest, &mut out)?,
            '^' => rest = script(rest, &SUPERSCRIPTS, &mut out)?,
            '_' => rest = script(rest, &SUBSCRIPTS, &mut out)?,
            '{' | '}' | '&' | '~' | '#' | '%' | '$' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

/// The sign of a command. What follows it is returned.
fn command<'a>(rest: &'a str, out: &mut String) -> Option<&'a str> {
    let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    if length == 0 {
        let c = rest.chars().next()?;
        match c {
            ',' | ';' | ' ' | ':' => out.push(' '),
            '!' => {}
            '{' | '}' | '%' | '$' | '#' | '&' | '_' => out.push(c),
            _ => return None,
        }
        return rest.get(c.len_utf8()..);
    }
    let (name, after) = rest.split_at(length);
    if matches!(name, "mathbb" | "mathcal" | "mathrm" | "text" | "mathbf" | "operatorname") {
        let (inner, after) = after.strip_prefix('{')?.split_once('}')?;
        let is_plain = inner.chars().all(|c| c.is_alphanumeric() || c == ' ');
        match name {
            "mathbb" => out.push(double_struck(inner)?),
            "mathcal" => return None,
            _ if is_plain => out.push_str(inner),
            _ => return None,
        }
        return Some(after);
    }
    let (_, sign) = COMMANDS.iter().find(|(known, _)| *known == name)?;
    // `√` of more than one sign would say something else.
    if name == "sqrt" {
        let inner = after.strip_prefix('{').and_then(|after| after.split_once('}'));
        let (inner, after) = inner.filter(|(inner, _)| inner.len() == 1)?;
        out.push('√');
        out.push_str(inner);
        return Some(after);
    }
    out.push_str(sign);
    Some(after)
}

fn double_struck(letter: &str) -> Option<char> {
    Some(match letter {
        "R" => 'ℝ',
        "N" => 'ℕ',
        "Z" => 'ℤ',
        "Q" => 'ℚ',
        "C" => 'ℂ',
        "P" => 'ℙ',
        _ => return None,
    })
}

/// The raised or lowered form of what follows `^` or `_`.
fn script<'a>(rest: &'a str, signs: &[(char, char)], out: &mut String) -> Option<&'a str> {
    let (inner, after) = match rest.strip_prefix('{') {
        Some(inner) => inner.split_once('}')?,
        None => rest.split_at(rest.chars().next()?.len_utf8()),
    };
    for c in inner.chars() {
        let (_, sign) = signs.iter().find(|(plain, _)| *plain == c)?;
        out.push(*sign);
    }
    (!inner.is_empty()).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_variables_are_no_formulas() {
        for formula in ["x^2", "e^{i\\pi}+1=0", "\\alpha", "n", "a_1", "a = b", "O(n^2)"] {
            assert!(is_formula(formula), "{formula}");
        }
        for text in ["", " x^2", "x^2 ", "5 and ", "/GB … 0.04", "^node$'", "HOME/bin", "a \"b\" = c", "ab", "`x`=1"]
        {
            assert!(!is_formula(text), "{text}");
        }
        assert!(!is_formula(&"x^".repeat(101)));
    }

    #[test]
    fn simple_formulas_are_unicode_and_others_their_source() {
        for (source, expected) in [
            ("x^2", "x²"),
            ("x_1 \\le y_{10}", "x₁ ≤ y₁₀"),
            ("\\alpha x + \\beta", "α x + β"),
            ("2^{-n}", "2⁻ⁿ"),
            ("\\sum_{i=1}^n i", "∑ᵢ₌₁ⁿ i"),
            ("x \\in \\mathbb{R}", "x ∈ ℝ"),
            ("\\{1, 2\\}", "{1, 2}"),
            ("\\sqrt{2}", "√2"),
            ("e^{i\\pi}+1=0", "e^{i\\pi}+1=0"),
            ("\\frac{1}{2}", "\\frac{1}{2}"),
            ("x^", "x^"),
            ("\\", "\\"),
            ("a_{b", "a_{b"),
            ("x^{}", "x^{}"),
        ] {
            assert_eq!(shown(source), expected, "{source}");
        }
    }
}
