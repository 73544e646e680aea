"""example_test.py: the programs of docs/examples do what they say, on texts whose answer is counted here too."""
import base64
import collections
import os
import re
import unittest

from tool import ToolTest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')


class WordFrequencies(ToolTest):
    def words(self, text):
        """The 20 most frequent words as the program prints them."""
        path = self.write(text, 'text')
        program = os.path.join(ROOT, 'docs', 'examples', 'word_freq.x07.json')
        answer = self.x07('run', '--program', program, '--repair', 'memory', '--input', path)
        self.assertEqual(answer.exit, 0, answer)
        return base64.b64decode(answer.report['solve']['solve_output_b64']).decode()

    def expected(self, text):
        counts = collections.Counter(re.findall('[a-z]+', text.lower()))
        return ''.join('%d %s\n' % (count, word) for word, count in counts.most_common(20))

    def test_licence(self):
        with open(os.path.join(ROOT, 'LICENSE'), encoding='utf-8') as file:
            text = file.read()
        self.assertEqual(self.words(text), self.expected(text))

    def test_small_texts(self):
        for text in ('', ' \n.', 'word', 'Word word WORD other', 'a b a b c', '12 a1b2c'):
            with self.subTest(text=text):
                self.assertEqual(self.words(text), self.expected(text))


if __name__ == '__main__':
    unittest.main()
