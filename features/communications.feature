Feature: Communications
  With whom somebody was in touch, and who of them is a stranger.

  Background:
    Given Ana has a phone that tells everything

  Rule: Counterparts are known by their contacts

    Scenario: A contact under two ways of writing, and a stranger
      Given Eva is a contact with the number +386-1-234
      When Ana's phone tells of this:
        | when          | what                      |
        | Tuesday 10:00 | a message from +3861234   |
        | Tuesday 10:01 | a message to +386(1)234   |
        | Tuesday 10:02 | a missed call from Eva    |
        | Tuesday 11:00 | a message from 666        |
      Then on Tuesday Ana was in touch with:
        | who | stranger | sent | received | missed | new |
        | Eva | no       | 1    | 2        | 1      | yes |
        | 666 | yes      | 0    | 1        | 0      | yes |

    Scenario: Somebody from before is not new
      When Ana's phone tells of this:
        | when          | what               |
        | 50 days ago   | a message from 777 |
        | Tuesday 10:00 | a message from 777 |
      Then on Tuesday Ana was in touch with:
        | who | stranger | sent | received | missed | new |
        | 777 | yes      | 0    | 1        | 0      | no  |

  Rule: Traffic is counted by app, and the battery is watched

    Scenario: Which app took how much
      When Ana's phone tells of this:
        | when          | what           |
        | Tuesday 10:00 | 50 MB by tube  |
        | Tuesday 12:00 | 20 MB by tube  |
      Then on Tuesday tube took 70 MB of Ana's traffic

    Scenario: The lowest level of the battery
      When Ana's phone tells of this:
        | when          | what |
        | Tuesday 10:00 | 50 % |
        | Tuesday 18:00 | 12 % |
        | Tuesday 20:00 | 90 % |
      Then on Tuesday the battery of Ana's phone was at 12 % at worst
