Feature: Rules that combine
  Conditions of several kinds may have to come together, or one of them may be enough.

  Rule: Games at school

    Background:
      Given Ana carries a phone and allows location and apps
      And the place School with a radius of 100 m
      And the rule that Ana is inside School and uses games

    Scenario Outline: Only both together count
      When Ana's phone sends its location of 20 minutes ago, <where>
      And Ana's phone tells of its apps:
        | when           | app   |
        | 10 minutes ago | <app> |
      Then <alerts> alerts are raised

      Examples:
        | where             | app          | alerts |
        | at School         | a game       | 1      |
        | at School         | a dictionary | 0      |
        | 500 m from School | a game       | 0      |

    Scenario: The alert says since when each of them has been so
      When Ana's phone sends its location of 20 minutes ago, at School
      And Ana's phone tells of its apps:
        | when           | app    |
        | 10 minutes ago | a game |
      Then it says since when:
        | what             | since          |
        | is inside School | 20 minutes ago |
        | uses games       | 10 minutes ago |
      And these alerts are raised:
        | alert                                       | happened       |
        | Ana (phone) is inside School and uses games | 10 minutes ago |

  Rule: The battery is low and nobody does anything about it

    Scenario Outline: Low alone is not enough
      Given Ana carries a phone and allows battery
      And the rule that Ana has less than 15 % battery and is not charging
      When Ana's phone tells of its battery and charger:
        | when           | level | charger   |
        | 20 minutes ago | 14 %  | <charger> |
      Then <alerts> alerts are raised

      Examples:
        | charger    | alerts |
        | plugged in | 0      |
        | pulled out | 1      |

    Scenario: It says since when each of them was so, and what was measured
      Given Ana carries a phone and allows battery
      And the rule that Ana has less than 15 % battery and is not charging
      When Ana's phone tells of its battery and charger:
        | when           | level | charger    |
        | 30 minutes ago | 20 %  | pulled out |
        | 20 minutes ago | 14 %  | pulled out |
      Then it says since when:
        | what                       | since          |
        | has less than 15% battery  | 20 minutes ago |
        | is not charging            | 30 minutes ago |
      And it measured 14 % against 15 %

  Rule: One of several may be enough

    Scenario Outline: Fast, or far away
      Given Ana carries a phone and allows location
      And the place School with a radius of 100 m
      And the rule that Ana moves faster than 130 km/h or is not inside School
      When Ana's phone sends its location of 10 minutes ago, <where> at <speed> km/h
      Then <alerts> alerts are raised

      Examples:
        | where             | speed | alerts |
        | at School         | 10    | 0      |
        | at School         | 140   | 1      |
        | 500 m from School | 10    | 1      |

  Rule: An expression says the rest

    Scenario Outline: Fast while the position is good
      Given Ana carries a phone and allows location
      And the rule that Ana fulfils “location.speed_mps > 20.0 && location.accuracy_m < 50.0”
      When Ana's phone sends these positions:
        | when           | where   | speed  | good to |
        | 10 minutes ago | at Home | <kmh>  | <good>  |
      Then <alerts> alerts are raised

      Examples:
        | kmh      | good  | alerts |
        | 100 km/h | 10 m  | 1      |
        | 100 km/h | 300 m | 0      |
        | 50 km/h  | 10 m  | 0      |
