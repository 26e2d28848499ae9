Feature: Rules about use
  What is used, for how long a day, what is read and written, with whom, and how much data it costs.

  Rule: An app, a site or a whole category may be the subject

    Background:
      Given Ana carries a phone and allows apps and pages

    Scenario: Ana plays a game
      Given the rule that Ana uses games
      When Ana's phone tells of its apps:
        | when           | app          |
        | 30 minutes ago | the camera   |
        | 20 minutes ago | a game       |
        | 10 minutes ago | a dictionary |
      Then these alerts are raised:
        | alert                  | happened       | it is |
        | Ana (phone) used games | 20 minutes ago | over  |

    Scenario: A site counts with all its pages
      Given the rule that Ana uses the site example.com
      When Ana's phone tells of its pages:
        | when           | page                    |
        | 20 minutes ago | example.org/            |
        | 10 minutes ago | shop.example.com/offers |
      Then these alerts are raised:
        | alert                        | happened       |
        | Ana (phone) used example.com | 10 minutes ago |

  Rule: A quota is for a day of the person's own

    Background:
      Given Ana carries a phone and allows apps

    Scenario: There is a warning before the quota is used up
      Given the rule that Ana uses video for more than 2 hours a day, with a warning 15 minutes before
      When Ana's phone tells of its apps:
        | when            | app     | for        |
        | yesterday 16:00 | a video | 90 minutes |
        | yesterday 18:00 | a game  | 60 minutes |
        | yesterday 20:00 | a video | 40 minutes |
      Then these alerts are raised:
        | alert                                                | happened        |
        | Ana (phone) has 15 minutes of video left that day    | yesterday 20:15 |
        | Ana (phone) used video for more than 2 hours that day | yesterday 20:30 |

    Scenario: What runs across midnight counts for both days
      Given the rule that Ana uses video for more than 1 hour a day
      When Ana's phone tells of its apps:
        | when                       | app     | for        |
        | the day before yesterday 23:15 | a video | 90 minutes |
        | yesterday 10:00            | a video | 30 minutes |
      Then these alerts are raised:
        | alert                                                | happened        |
        | Ana (phone) used video for more than 1 hour that day | yesterday 10:15 |

    Scenario: The quota starts again the next day
      Given the rule that Ana uses video for more than 1 hour a day
      When Ana's phone tells of its apps:
        | when                       | app     | for        |
        | the day before yesterday 18:00 | a video | 70 minutes |
        | yesterday 18:00            | a video | 70 minutes |
      Then these alerts are raised:
        | alert                                                | happened                   | it is    |
        | Ana (phone) used video for more than 1 hour that day | the day before yesterday 19:00 | over     |
        | Ana (phone) used video for more than 1 hour that day | yesterday 19:00            | going on |

  Rule: Words are noticed wherever they are read or written

    Background:
      Given Ana carries a phone and allows pages and messages
      And the critical rule that Ana comes across “vape” or “pills”

    Scenario: In a message
      When Ana's phone tells of its messages:
        | when           | from  | says                   |
        | 20 minutes ago | Petra | the pillsbury dough    |
        | 10 minutes ago | Petra | Want some PILLS?       |
      Then these alerts are raised:
        | alert                                            | happened       |
        | Ana (phone) came across “vape”, “pills”: Petra | 10 minutes ago |

    Scenario: On a page
      When Ana's phone tells of its pages:
        | when           | page             | title          |
        | 10 minutes ago | shop.example.com | Vape starter kit |
      Then 1 alert is raised

  Rule: Contacts are told from strangers

    Background:
      Given Ana carries a phone and allows messages and calls
      And Petra is a contact with the number +386 1 111

    Scenario: A stranger calls
      Given the rule that Ana is called by a stranger
      When Ana's phone tells of its calls:
        | when           | from        |
        | 20 minutes ago | +3861111    |
        | 10 minutes ago | +386 9 999  |
      Then 1 alert is raised

    Scenario: Somebody writes at night
      Given the rule that Ana hears from anybody, every day from 22:00 to 6:00
      When Ana's phone tells of its messages:
        | when            | from  |
        | yesterday 21:30 | Petra |
        | yesterday 23:30 | Petra |
      Then 1 alert is raised

  Rule: Mobile data is counted by the month

    Scenario: The data is used up in the middle of last month
      Given Ana carries a phone and allows traffic
      And the rule that Ana uses more than 5 GB of mobile data a month
      When Ana's phone tells of its traffic:
        | when                     | over   | GB |
        | 10th of last month 12:00 | mobile | 3  |
        | 11th of last month 12:00 | wifi   | 9  |
        | 12th of last month 12:00 | mobile | 3  |
        | now                      | mobile | 4  |
      Then these alerts are raised:
        | alert                                                | happened                 | it is |
        | Ana (phone) sent and received 6 GB, over 5 GB a month | 12th of last month 12:00 | over  |
