//! Tests of the reader: what is read of damaged documents, limits, and the stack.

use super::*;

/// The events of a document in one line, and the lines of the damages.
fn events(text: &str) -> (String, Vec<u32>) {
    let mut reader = Reader::new(text, None);
    let mut out = String::new();
    let mut depth = 0usize;
    while let Some(event) = reader.next() {
        match event {
            Event::Start(element) => {
                depth += 1;
                let prefix = if element.prefix.is_empty() { String::new() } else { format!("{}:", element.prefix) };
                out.push_str(&format!("({prefix}{}", element.local));
                for attribute in element.attributes() {
                    out.push_str(&format!(" {}={}", attribute.name, attribute.value()));
                }
                out.push('|');
            }
            Event::Text(text) => out.push_str(&text),
            Event::End => {
                depth = depth.checked_sub(1).expect("a start");
                out.push(')');
            }
        }
        assert_eq!(depth, reader.depth());
    }
    assert_eq!(depth, 0, "{text}");
    (out, reader.into_damages().first.iter().map(|damage| damage.line).collect())
}

#[test]
fn documents_are_read_as_events() {
    for (text, expected) in [
        ("<a>x<b c='d'/>y</a>", "(a|x(b c=d|)y)"),
        ("<?xml version='1.0'?>\n<!-- <x> -->\n<a><!-- > --><?php echo '<y>' ?>x</a>\n<!-- z -->", "(a|x)"),
        ("<a>1 &lt; 2 &amp;amp; &eacute;&#8217;</a>", "(a|1 < 2 &amp; é’)"),
        ("<a><![CDATA[<b>&amp;]]></a>", "(a|<b>&amp;)"),
        ("<a><![CDATA[]]]]><![CDATA[>]]></a>", "(a|]]>)"),
        ("<!DOCTYPE a SYSTEM 'http://x/'><a/>", "(a|)"),
        ("<!DOCTYPE a [<!ENTITY b \"c>\"> <!-- ]> don't --> <!ELEMENT a ANY>]><a>&b;</a>", "(a|c>)"),
        ("<!doctype html PUBLIC '-//W3C//DTD' 'http://x/'><a/>", "(a|)"),
        ("", ""),
        ("nothing", ""),
    ] {
        assert_eq!(events(text), (expected.to_owned(), vec![]), "{text}");
    }
}

#[test]
fn damaged_documents_are_read_on() {
    for (text, expected, damages) in [
        ("<a>\nAT&T</a>", "(a|\nAT&T)", &[2][..]),
        ("<a>&nonsense;</a>", "(a|&nonsense;)", &[1]),
        ("<a>1 < 2</a>", "(a|1 < 2)", &[1]),
        ("<a>1 <2</a>", "(a|1 <2)", &[1]),
        ("<a>\n<b>x\n</a>", "(a|\n(b|x\n))", &[3]),
        ("<a><b>x</a><c/>", "(a|(b|x))(c|)", &[1]),
        ("<a>x</b>y</a>", "(a|xy)", &[1]),
        ("<a><b><i>x</b></i>y</a>", "(a|(b|(i|x))y)", &[1, 1]),
        ("<a>x\n", "(a|x\n)", &[2]),
        ("<a>x</a", "(a|x)", &[]),
        ("<a><b c='1' <d>x</d></a>", "(a|(b c=1|(d|x)))", &[1, 1]),
        ("<a b=c d>x</a>", "(a b=c d=|x)", &[1, 1]),
        ("<a b='?c=d&e=f'/>", "(a b=?c=d&e=f|)", &[1]),
        ("<a>x<!-- y</a>", "(a|x y)", &[1]),
        ("<a>x<![CDATA[y</a>", "(a|xy)", &[1]),
        ("<!DOCTYPE a [ <a>x</a>", "(a|x)", &[1]),
        ("<a>x<?php y</a>", "(a|x)", &[1]),
        ("<Title>x</title>", "(Title|x)", &[]),
        ("<a>x</></ a></a>", "(a|x</></ a>)", &[1, 1]),
        ("<a/>\n<b>x</b>", "(a|)(b|x)", &[]),
    ] {
        assert_eq!(events(text), (expected.to_owned(), damages.to_vec()), "{text}");
    }
}

#[test]
fn signs_that_begin_nothing_are_few_events() {
    let count = 100_000;
    for (sign, text) in
        [("<", "<".repeat(count)), ("< ", "< ".repeat(count)), ("&", "&".repeat(count)), ("&x;", "&x;".repeat(count))]
    {
        let document = format!("<a>{text}<!-- b --><b/></a>");
        let mut reader = Reader::new(&document, None);
        let (mut events, mut read) = (0, String::new());
        while let Some(event) = reader.next() {
            events += 1;
            if let Event::Text(text) = event {
                read.push_str(&text);
            }
        }
        assert!(events < 10, "{sign}: {events} events");
        assert_eq!(read, text, "{sign}");
        let damages = reader.into_damages();
        assert_eq!((damages.first.len(), damages.more), (100, count - 100), "{sign}");
    }
}

#[test]
fn namespaces_bases_and_languages_are_inherited() {
    let text = "<a xmlns='one' xml:base='http://h/x/' xml:lang='de'>
        <b xmlns:p='two' xml:base='y/'><p:c xmlns='' xml:lang='fr'><d/></p:c><p:e xml:base='javascript:x'/></b><f/><p:g/></a>";
    let mut reader = Reader::new(text, None);
    let mut found = Vec::new();
    while let Some(event) = reader.next() {
        if let Event::Start(element) = event {
            let base = reader.base().map(ToString::to_string).unwrap_or_default();
            let language = reader.language().unwrap_or_default().to_owned();
            found.push(format!("{} {:?} {base} {language} {}", element.local, element.namespace, reader.line()));
        }
    }
    assert_eq!(
        found,
        [
            "a Some(\"one\") http://h/x/ de 1",
            "b Some(\"one\") http://h/x/y/ de 2",
            "c Some(\"two\") http://h/x/y/ fr 2",
            "d None http://h/x/y/ fr 2",
            "e Some(\"two\") http://h/x/y/ de 2",
            "f Some(\"one\") http://h/x/ de 2",
            "g None http://h/x/ de 2",
        ]
    );
}
