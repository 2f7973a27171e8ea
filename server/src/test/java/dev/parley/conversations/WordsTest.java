package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.http.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Texts as words, and what is looked for in them.
class WordsTest {
  private static List<String> words(String text) {
    return Words.of(text).stream().map(Words.Word::text).toList();
  }

  @Test
  void caseAccentsAndPunctuationDoNotMatter() {
    assertThat(words("Olá, ÇA va?  GROẞE Straße; Łódź/ísland — don't"))
        .containsExactly("ola", "ca", "va", "grosse", "strasse", "lodz", "island", "don", "t");
    assertThat(words("e\u0301te\u0301")).containsExactly("ete");
    assertThat(words("👍 !!! ...")).isEmpty();
    assertThat(words("Привет ΑΘΗΝΑ مرحبا")).containsExactly("привет", "αθηνα", "مرحبا");
  }

  @Test
  void whatHasNoBlanksIsCutIntoPairs() {
    assertThat(words("東京都")).containsExactly("東京", "京都");
    assertThat(words("水")).containsExactly("水");
    assertThat(words("iPhone東京 ok")).containsExactly("iphone", "東京", "ok");
  }

  @Test
  void wordsKeepTheirPlaceInTheOriginal() {
    String text = "Zwei Äpfel";
    Words.Word word = Words.of(text).getLast();
    assertThat(text.substring(word.start(), word.end())).isEqualTo("Äpfel");
  }

  @Test
  void longTextsAreCut() {
    assertThat(words("a ".repeat(5000))).hasSize(Words.MOST);
    assertThat(words("x".repeat(5000)).getFirst()).hasSize(Words.LONGEST);
  }

  @Test
  void aVectorHoldsEachWordWithItsPlaces() {
    assertThat(Words.vector(Words.of("to be or not to be")))
        .isEqualTo("'to':1,5 'be':2,6 'or':3 'not':4 ");
  }

  @Test
  void aQueryKnowsPhrasesExclusionsAndBeginnings() {
    assertThat(SearchQuery.parse("blue car").text()).isEqualTo("('blue') & ('car':*)");
    assertThat(SearchQuery.parse("blue car ").text()).isEqualTo("('blue') & ('car')");
    assertThat(SearchQuery.parse("\"blue car\" -old").text())
        .isEqualTo("('blue' <-> 'car') & !('old':*)");
    assertThat(SearchQuery.parse("ada@acme.example ").text())
        .isEqualTo("('ada' <-> 'acme' <-> 'example')");
    for (String hostile : List.of("a'b & c | !d", "x' || 'y", "\\' OR 1=1", "a:*b <-> c")) {
      assertThat(SearchQuery.parse(hostile).text()).doesNotContain("\\").doesNotContain("||");
    }
  }

  @Test
  void aQueryNeedsSomethingToLookFor() {
    for (String nothing : List.of("-old", "\"\"", "!!!", "-\"a b\" -c")) {
      assertThatThrownBy(() -> SearchQuery.parse(nothing)).isInstanceOf(Problem.class);
    }
    assertThatThrownBy(() -> SearchQuery.parse("a ".repeat(21))).isInstanceOf(Problem.class);
  }

  @Test
  void aHighlightMarksWhatWasLookedFor() {
    String text = "<b>" + "so many words ".repeat(20) + "the blue Cärs & more " + "x ".repeat(200);
    MessageSearch.Highlight found = SearchQuery.parse("blue car").highlight(text);

    assertThat(found.text().length()).isLessThan(300);
    assertThat(found.marks())
        .extracting(mark -> found.text().substring(mark.start(), mark.end()))
        .containsExactly("blue", "Cärs");
    MessageSearch.Highlight pairs = SearchQuery.parse("東京都 ").highlight("今日は東京都へ");
    assertThat(pairs.marks())
        .extracting(mark -> pairs.text().substring(mark.start(), mark.end()))
        .containsExactly("東京都");
  }
}
